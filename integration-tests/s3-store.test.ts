import { describeStore } from '../src/stores/fixtures/store-contract';
import type { ImageStore } from '../src/stores';
import { openS3, type S3Options } from '../src/stores';
import { Ceph, type TestBucket } from './support/ceph';

jest.setTimeout(120_000);

let ceph: Ceph;
let bucket: TestBucket;
const opened: ImageStore[] = [];

beforeAll(async () => {
  ceph = await Ceph.start();
  Object.assign(process.env, ceph.environment);
  bucket = await ceph.makeBucket('contract');
});
afterAll(() => ceph?.[Symbol.asyncDispose]());
beforeEach(() => bucket.empty());
afterEach(() => opened.splice(0).forEach((store) => store.close()));

async function open(url: string, options: S3Options = {}): Promise<ImageStore> {
  const store = await openS3(url, { endpoint: ceph.endpoint, ...options });
  opened.push(store);
  return store;
}


describe.each(['', 'some/folder/'])('below the prefix %j', (prefix) => {
  describeStore(() => ({
    put: (name, bytes) => bucket.put(prefix + name, bytes),
    remove: (name) => bucket.remove(prefix + name),
    open: (options) => open(`${bucket.url}/${prefix}`, options),
  }));
});
