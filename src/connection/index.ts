export * from './address';
export { isInBlock, release, shareBlocks } from './blocks';
export * from './connection';
export * from './deadline';
export { connectPlain } from './inlet';
