export { openFolder, FolderStore } from './folder-store';
export type * from './image-store';
export { LEFT_OUT_REASONS, type LeftOut, type LeftOutNames, type LeftOutReason } from './left-out';
export { isS3Url, openS3, placeOf, type S3Options } from './s3';
