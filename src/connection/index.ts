export * from './address';
export { release } from './blocks';
export * from './buffers';
export * from './connection';
export * from './deadline';
export * from './first-byte';
export { receiving } from './inlet';
export * from './slots';
