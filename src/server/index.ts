export { startServer, type CloseOptions, type Server } from './server';
export type { ServerOptions, Timeouts } from './options';
