/** Version of this package; a test compares it with package.json. */
export const VERSION = '0.1.0';
/** What both sides call themselves in HELLO. */
export const AGENT = `reso/${VERSION}`;
