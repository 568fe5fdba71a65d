export { Metrics } from './metrics';
export type { WebOptions } from './options';
export { FORMATS, WIDTHS, type Rendered, type ThumbnailRecipe, type ThumbnailSource } from './thumbnails';
export { startWebServer, type WebServer } from './web-server';
