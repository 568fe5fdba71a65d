import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { GenericContainer, Wait, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { engine } from './engine';

const GATEWAY_PORT = 7480;
const FOLDER = join(__dirname, '../ceph');
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test-secret' };

export interface CephOptions {
  /** Each object lies on all of them. */
  readonly osds?: number;
  readonly network?: StartedNetwork;
  /** Its name on the network. */
  readonly alias?: string;
  /** Names of buckets that are also reachable as BUCKET.ALIAS. */
  readonly buckets?: readonly string[];
}

/** A throw-away Ceph cluster with an S3 gateway, in one container. */
export class Ceph implements AsyncDisposable {
  readonly container: StartedTestContainer;
  readonly client: S3Client;

  /** `name`: the only one that it answers to. */
  private constructor(container: StartedTestContainer, name: string | undefined) {
    this.container = container;
    const httpAgent = name === undefined ? {} : { lookup: loopbackFor(name) };
    this.client = new S3Client({
      endpoint: name === undefined ? this.endpoint : `http://${name}:${this.port}`,
      requestHandler: { httpAgent },
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: CREDENTIALS,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // Large bodies would go through an agent of the SDK's own, which does not know the name.
      expectContinueHeader: false,
    });
  }

  static async start({ osds = 1, network, alias, buckets = [] }: CephOptions = {}): Promise<Ceph> {
    const container = new GenericContainer(await builtImage())
      .withEnvironment({ OSDS: String(osds), DNS_NAME: buckets.length > 0 ? (alias ?? '') : '' })
      .withExposedPorts(GATEWAY_PORT)
      .withWaitStrategy(Wait.forLogMessage(/S3 ready/))
      .withStartupTimeout(300_000);
    if (network && alias !== undefined) {
      const names = [alias, ...buckets.map((bucket) => `${bucket}.${alias}`)];
      container.withNetwork(network).withNetworkAliases(...names);
    }
    return new Ceph(await container.start(), buckets.length > 0 ? alias : undefined);
  }

  get port(): number {
    return this.container.getMappedPort(GATEWAY_PORT);
  }

  get host(): string {
    return this.container.getHost();
  }

  /** Reachable from this machine. */
  get endpoint(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** For a server that is to read from it. */
  get environment(): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = CREDENTIALS;
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  }

  async makeBucket(name: string): Promise<TestBucket> {
    await this.client.send(new CreateBucketCommand({ Bucket: name }));
    return new TestBucket(this, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
    await this.container.stop();
  }
}

/** A bucket of a test's own. */
export class TestBucket {
  readonly name: string;
  readonly #ceph: Ceph;

  constructor(ceph: Ceph, name: string) {
    this.#ceph = ceph;
    this.name = name;
  }

  get url(): string {
    return `s3://${this.name}`;
  }

  async put(
    key: string,
    bytes: Buffer | string,
    options: Partial<PutObjectCommandInput> = {},
  ): Promise<void> {
    const body = Buffer.from(bytes);
    const object = { Bucket: this.name, Key: key, Body: body, ContentLength: body.length };
    await this.#ceph.client.send(new PutObjectCommand({ ...object, ...options }));
  }

  /** Puts many at the same time. */
  async putAll(objects: Iterable<readonly [key: string, bytes: Buffer]>): Promise<void> {
    const left = objects[Symbol.iterator]();
    const work = async () => {
      for (let next = left.next(); !next.done; next = left.next()) await this.put(...next.value);
    };
    await Promise.all(Array.from({ length: 16 }, work));
  }

  async remove(key: string): Promise<void> {
    await this.#ceph.client.send(new DeleteObjectCommand({ Bucket: this.name, Key: key }));
  }

  /** Removes all objects. */
  async empty(): Promise<void> {
    const { client } = this.#ceph;
    for (;;) {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket: this.name, EncodingType: 'url' }),
      );
      if (Contents.length === 0) return;
      const keys = Contents.map(({ Key }) => decodeURIComponent(Key!.replaceAll('+', '%20')));
      // Keys with control characters don't fit into the XML of a request for many.
      await Promise.all(keys.map((key) => this.remove(key)));
    }
  }
}

/** Finds a name that only the containers know on this machine. */
function loopbackFor(name: string): LookupFunction {
  return (asked, options, found) => {
    if (asked !== name) return found(new Error(`${asked} is not ${name}`), '');
    if (options.all) found(null, [{ address: '127.0.0.1', family: 4 }]);
    else found(null, '127.0.0.1', 4);
  };
}

/** Built once for a state of its files, and kept. */
async function builtImage(): Promise<string> {
  const base = process.env.RESO_BASE_IMAGE || 'node:24-bookworm-slim';
  const hash = createHash('sha256').update(base);
  for (const file of ['Dockerfile', 'start-cluster']) hash.update(readFileSync(join(FOLDER, file)));
  const tag = `reso-test-ceph:${hash.digest('hex').slice(0, 12)}`;
  const image = (await engine()).getImage(tag);
  const isThere = await image.inspect().then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await GenericContainer.fromDockerfile(FOLDER)
      .withBuildkit()
      .withBuildArgs({ BASE_IMAGE: base })
      .build(tag, { deleteOnExit: false });
  }
  return tag;
}
