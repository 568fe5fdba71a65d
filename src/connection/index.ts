export * from './address';
export { release } from './blocks';
export * from './connection';
export * from './deadline';
export { connectPlain } from './inlet';
