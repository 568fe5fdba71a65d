export type * from './catalog';
export { takeTurn } from '../pace';
export type { FindFacts } from './facts/fact-finder';
export { openCatalog, type CatalogOptions } from './store-catalog';
