import { UsageError } from '../../errors';
import { nameFault } from '../../names';

const SCHEME = 's3://';

/** What bucket names are made of, on AWS and elsewhere; Ceph also has `TENANT:BUCKET`. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._:-]{1,254}$/;

/** A bucket, or what lies below a prefix in it. */
export interface Place {
  readonly bucket: string;
  /** What all keys begin with: empty, or ends in `/`. */
  readonly prefix: string;
}

export function isS3Url(text: string): boolean {
  return text.toLowerCase().startsWith(SCHEME);
}

/** Reads `s3://BUCKET` or `s3://BUCKET/PREFIX`. A prefix is a folder: `photos` does not include `photos-old/`. Throws USAGE. */
export function placeOf(url: string): Place {
  const [bucket = '', ...rest] = url.slice(SCHEME.length).split('/');
  if (!BUCKET.test(bucket)) throw new UsageError(`'${url}' names no bucket: write s3://BUCKET/PREFIX.`);
  const prefix = rest.join('/').replace(/\/$/, '');
  const fault = prefix === '' ? undefined : nameFault(prefix);
  if (fault !== undefined) throw new UsageError(`'${url}': the prefix can't be served, because ${fault}.`);
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

export function urlOf({ bucket, prefix }: Place): string {
  return `${SCHEME}${bucket}/${prefix}`;
}
