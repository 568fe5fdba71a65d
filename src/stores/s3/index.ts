export { openS3, type S3Options } from './open-s3';
export { isS3Url, placeOf } from './place';
