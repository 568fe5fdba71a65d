export type * from './catalog';
export { takeTurn } from './pace';
export { openCatalog, type CatalogOptions } from './store-catalog';
