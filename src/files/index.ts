export * from './calls';
export * from './folder-syncs';
export * from './prompt-calls';
export { makeFolders } from './make-folders';
