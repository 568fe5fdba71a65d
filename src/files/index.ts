export * from './calls';
export * from './folder-syncs';
export * from './hash-into';
export * from './prompt';
export * from './prompt-calls';
export * from './new-file';
export { makeFolders } from './make-folders';
export { showLife, showsLife, type SignOfLife } from './sign-of-life';
