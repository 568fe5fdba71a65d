export { openFolder, FolderStore } from './folder-store';
export type * from './image-store';
export { LEFT_OUT_REASONS, type LeftOut, type LeftOutNames, type LeftOutReason } from './left-out';
