import { UsageError } from '../../errors';
// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- it ends up in the declarations, which must compile without the package
/** @ts-ignore */
import type * as ClientS3 from '@aws-sdk/client-s3';

export type Sdk = Pick<
  typeof ClientS3,
  'GetObjectCommand' | 'HeadObjectCommand' | 'ListObjectsV2Command' | 'S3Client'
>;

/** The AWS SDK, which only those install who serve from S3. Throws USAGE. */
export function loadSdk(): Sdk {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import could not be caught
    return require('@aws-sdk/client-s3') as Sdk;
  } catch (cause) {
    const install = 'npm install @aws-sdk/client-s3 (with --global if reso was installed so)';
    throw new UsageError(`Serving from S3 needs the package @aws-sdk/client-s3: ${install}.`, { cause });
  }
}
