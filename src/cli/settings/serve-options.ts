import { A_DAY, choice, flag, grouped, repeatable, seconds, value, interactive, type Values } from './option';
import { bytesFrom, httpUrl, integerFrom, nonEmpty } from './parse';

/** What `reso serve` can be told. */
export const SERVE_OPTIONS = {
  folder: value('[FOLDER]', 'the folder of images, or s3://BUCKET/PREFIX', nonEmpty, './images'),
  ...grouped('What to serve:', {
    also: repeatable('--also <GLOB>', "also serve files with these names, whatever they hold: '**/*.xyz'"),
    lock: value(
      '--lock <FILE>',
      "take digests from this lock file instead of reading every image for them (see 'reso lock')",
      nonEmpty,
    ),
    s3Endpoint: value(
      '--s3-endpoint <URL>',
      "with s3://: the store's address, if it is not Amazon's (MinIO, Ceph, ...)",
      httpUrl,
    ),
    s3VirtualHost: flag(
      '--s3-virtual-host',
      'with --s3-endpoint: put the bucket into the host name, not into the path',
    ),
  }),
  ...grouped('Where:', {
    host: value('--host <ADDRESS>', 'address to listen on', nonEmpty, '0.0.0.0'),
    port: value(
      '-p, --port <PORT>',
      'port to listen on; 0 picks a free one (default: 5005)',
      integerFrom(0, 65_535),
    ),
    state: value(
      '--state <DIR>',
      "where to keep digests between runs (default: one folder per served folder, in the user's cache)",
      nonEmpty,
    ),
    interactive,
  }),
  ...grouped('Gallery:', {
    httpPort: value(
      '--http-port <PORT>',
      'port for the gallery and HTTP; 0 picks a free one (default: 8080, or none if that is taken)',
      integerFrom(0, 65_535),
    ),
    noHttp: flag('--no-http', 'no gallery and no HTTP'),
    baseUrl: value(
      '--base-url <URL>',
      'address under which people reach the gallery, if it is behind a proxy',
      httpUrl,
    ),
    allowHost: repeatable('--allow-host <NAME>', 'also answer requests for this host name'),
    cors: value('--cors <ORIGIN>', "let pages of this origin read images; '*' for any", nonEmpty),
    trustProxy: repeatable(
      '--trust-proxy <ADDRESS>',
      'believe X-Forwarded-For and X-Forwarded-Proto from this address or network',
    ),
    cache: value(
      '--cache <DIR>',
      "where to keep thumbnails (default: a folder in the user's cache)",
      nonEmpty,
    ),
    cacheSize: value(
      '--cache-size <SIZE>',
      'size of the thumbnail cache (default: 2G)',
      bytesFrom(1_048_576),
    ),
    noRender: flag('--no-render', 'no thumbnails, and no facts about images (format, dimensions, ...)'),
    gps: flag('--gps', 'show where images were taken, if their metadata says so'),
  }),
  ...grouped('Security:', {
    tlsCert: value(
      '--tls-cert <FILE>',
      'accept only TLS, with this certificate and its intermediates (PEM)',
      nonEmpty,
    ),
    tlsKey: value('--tls-key <FILE>', 'private key (PEM) of --tls-cert', nonEmpty),
    clientCa: value(
      '--client-ca <FILE>',
      'accept only clients with a certificate from these authorities (PEM)',
      nonEmpty,
    ),
    tokenFile: value(
      '--token-file <FILE>',
      'accept only clients with one of these tokens, one per line: NAME TOKEN [PREFIX...]',
      nonEmpty,
    ),
    insecure: flag('--insecure', 'accept tokens from other machines over plain TCP too'),
  }),
  ...grouped('Limits:', {
    maxConnections: value('--max-connections <N>', 'connections at once', integerFrom(1, 1_000_000), 16_384),
    maxConnectionsPerAddress: value(
      '--max-connections-per-address <N>',
      'connections at once from one address; 0 for no limit',
      integerFrom(0, 1_000_000),
      0,
    ),
    maxOutstanding: value(
      '--max-outstanding <N>',
      'outstanding requests per connection',
      integerFrom(16, 4096),
      256,
    ),
    maxPage: value('--max-page <N>', 'images per page of a list', integerFrom(1, 1000), 1000),
    helloTimeout: seconds('--hello-timeout <TIME>', 'time for a client to introduce itself', [1, 3600], 9),
    frameTimeout: seconds('--frame-timeout <TIME>', 'time for a message to arrive in full', [1, 3600], 30),
    idleTimeout: seconds(
      '--idle-timeout <TIME>',
      'time without a request before a connection is closed',
      [1, A_DAY],
      120,
    ),
    stallTimeout: seconds(
      '--stall-timeout <TIME>',
      'time without reading before a connection is closed',
      [1, A_DAY],
      120,
    ),
    drain: seconds(
      '--drain <TIME>',
      'time at shutdown in which /readyz gives 503 and everything is still served',
      [0, 3600],
      0,
    ),
    grace: seconds('--grace <TIME>', 'time for running downloads to finish at shutdown', [0, 3600], 10),
  }),
  ...grouped('Log:', {
    logLevel: choice(
      '--log-level <LEVEL>',
      'debug, info (each request), warn, error or silent (default: info)',
      ['debug', 'info', 'warn', 'error', 'silent'],
      'info',
    ),
    logFormat: choice(
      '--log-format <FORMAT>',
      'json or pretty (default: pretty on a terminal, otherwise json)',
      ['json', 'pretty'],
      undefined,
    ),
    verbose: flag('-v, --verbose', 'same as --log-level debug'),
  }),
};

export type ServeSettings = Values<typeof SERVE_OPTIONS>;
