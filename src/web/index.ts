export type { WebOptions } from './options';
export { WebSide, type HttpOptions } from './web-side';
export { startWebServer, type WebServer } from './web-server';
