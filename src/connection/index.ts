export * from './address';
export { release } from './blocks';
export * from './buffers';
export * from './connection';
export * from './deadline';
export { receiving } from './inlet';
