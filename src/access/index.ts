export { Gatekeeper, type Approach, type Certificate, type GatekeeperOptions } from './gatekeeper';
export { EVERYTHING, type Grant } from './grant';
export { openTls, TLS_VERSION, type TlsFiles, type TlsMaterial } from './open-tls';
export { openTokens } from './open-tokens';
export { newToken, tokenDigest } from './token';
export { parseTokenFile, type TokenLine } from './token-file';
