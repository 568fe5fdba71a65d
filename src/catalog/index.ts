export type * from './catalog';
export { openCatalog, type CatalogOptions } from './open-catalog';
