import { LocalError } from '../../errors';
import { Bucket, MOST_SOCKETS } from './bucket';
import { kindOf, whyNot } from './failure';
import { placeOf, urlOf } from './place';
import { S3Store, type S3StoreOptions } from './s3-store';
import { loadSdk, type Sdk } from './sdk';

export interface S3Options extends S3StoreOptions {
  /** URL of a store other than Amazon's. */
  readonly endpoint?: string | undefined;
  /** Put the bucket into the host name at that endpoint, too. */
  readonly virtualHost?: boolean | undefined;
  /** For tests; default 1,000. */
  readonly keysPerPage?: number | undefined;
}

/** Milliseconds to connect. */
const CONNECTING = 3000;
/** Where nothing names a region: other stores have none, and Amazon's answers there with the right one. */
const SOME_REGION = 'us-east-1';

/**
 * The images in `s3://BUCKET/PREFIX`. Credentials and region come from where the AWS SDK looks for them. Throws USAGE, and
 * FOLDER if the bucket can't be read.
 */
export async function openS3(url: string, options: S3Options = {}): Promise<S3Store> {
  const place = placeOf(url);
  const sdk = loadSdk();
  const bucket = new Bucket(sdk, await openClient(sdk, options), place, options.keysPerPage);
  try {
    await bucket.look();
  } catch (cause) {
    bucket.close();
    throw new LocalError('FOLDER', `Can't serve ${urlOf(place)}: ${whyNot(cause)}.${hintFor(cause)}`, {
      cause,
    });
  }
  return new S3Store(bucket, place, options.endpoint ?? 'aws', options);
}

async function openClient(sdk: Sdk, options: S3Options): Promise<InstanceType<Sdk['S3Client']>> {
  const client = new sdk.S3Client(settingsFrom(options));
  try {
    await client.config.region();
    return client;
  } catch {
    client.destroy();
    return new sdk.S3Client({ ...settingsFrom(options), region: SOME_REGION });
  }
}

function settingsFrom({ endpoint, virtualHost = false }: S3Options) {
  const agent = { keepAlive: true, maxSockets: MOST_SOCKETS };
  return {
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: !virtualHost }),
    // Each attempt is one of `attempts`, which also counts what happens to the body.
    maxAttempts: 1,
    followRegionRedirects: true,
    // Parts have no checksum, and a whole image is proven by its SHA-256.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { httpAgent: agent, httpsAgent: agent, connectionTimeout: CONNECTING },
  } as const;
}

function hintFor(error: unknown): string {
  const { name } = error as Error;
  if (name === 'CredentialsProviderError')
    return ' Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what else the AWS SDK reads.';
  return kindOf(error) === 'refused' ? ' The credentials must allow s3:ListBucket and s3:GetObject.' : '';
}
