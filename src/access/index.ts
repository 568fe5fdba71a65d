export { Gatekeeper, type Approach, type Certificate, type GatekeeperOptions } from './gatekeeper';
export { EVERYTHING, type Grant } from './grant';
export { openTls, tlsSettings, TLS_VERSION, type TlsFiles, type TlsMaterial } from './open-tls';
export { openTokens } from './open-tokens';
export { peerCertificate } from './peer-certificate';
export { COOKIE_AGE, sessionCookie, tokenOfCookie } from './session-cookie';
export { newToken, tokenDigest } from './token';
export { parseTokenFile, type TokenLine } from './token-file';
