export * from './address';
export { isInBlock, release, retain, shareBlocks } from './blocks';
export * from './connection';
export * from './deadline';
export { connectPlain } from './inlet';
