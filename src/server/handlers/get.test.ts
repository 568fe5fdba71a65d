import { createHash } from 'node:crypto';
import { encode, MessageType } from '../../protocol';
import type { RawClient } from '../fixtures/raw-client';
import { noise, Serving } from '../fixtures/serving';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let serving: Serving;
beforeEach(async () => (serving = await Serving.start()));
afterEach(() => serving.stop());

describe('a digest that is claimed', () => {
  const truth = noise(300_000);
  const [right, wrong] = [sha256(truth), sha256(Buffer.from('another'))];
  let claim: string;
  let client: RawClient;
  beforeEach(async () => {
    await serving.stop();
    serving = await Serving.start({ claimOf: () => claim });
    await serving.put('img.jpg', truth);
    client = await serving.greeted();
  });

  const digestNow = async (id: number) => {
    client.send(encode.digests(id, { name: 'img.jpg' }));
    return (await client.proof(id)).sha256;
  };

  test('is the one that the delivery proves', async () => {
    claim = right;
    client.send(encode.get(1, { name: 'img.jpg', sha256: right }));
    const got = await client.delivered(1);
    expect([got.delivery.sha256, got.end.sha256]).toEqual([right, right]);
    claim = wrong;
    expect(await digestNow(2)).toBe(right);
  });

  test('a part of the image is delivered without reading the rest', async () => {
    claim = wrong;
    client.send(encode.get(1, { name: 'img.jpg', offset: 299_990, sha256: wrong }));
    expect((await client.delivered(1)).bytes.equals(truth.subarray(-10))).toBe(true);
  });

  test('and is wrong: it is the answer until the image has been delivered', async () => {
    claim = wrong;
    expect(await digestNow(1)).toBe(wrong);
    client.send(encode.get(2, { name: 'img.jpg' }));
    const got = await client.delivered(2);
    expect([got.delivery.sha256, got.end.sha256]).toEqual([undefined, right]);
    expect(await digestNow(3)).toBe(right);
  });

  test('and is wrong, but expected: what comes in place of END says so, and the next one knows before', async () => {
    claim = wrong;
    client.send(encode.get(1, { name: 'img.jpg', sha256: wrong }));
    expect((await client.error(1)).code).toBe('CHANGED');
    expect(client.frames.some(({ type }) => type === MessageType.DELIVERY)).toBe(true);
    client.frames.length = 0;
    client.send(encode.get(2, { name: 'img.jpg', sha256: wrong }), encode.get(3, { name: 'img.jpg' }));
    expect((await client.error(2)).code).toBe('CHANGED');
    expect((await client.delivered(3)).delivery.sha256).toBe(right);
  });

  test('and is wrong: who expects the right one gets the image', async () => {
    claim = wrong;
    client.send(encode.get(1, { name: 'img.jpg', sha256: right }));
    const got = await client.delivered(1);
    expect([got.delivery.sha256, got.end.sha256]).toEqual([right, right]);
    expect(await digestNow(2)).toBe(right);
  });
});

describe('GET', () => {
  test.each([0, 1, 16_383, 16_384, 262_143, 262_144, 262_145, 524_288, 1_048_575, 1_048_577, 5_000_000])(
    '%d bytes arrive whole, with their digest',
    async (size) => {
      const bytes = await serving.put('img.jpg', noise(size));
      const client = await serving.greeted();
      client.send(encode.get(1, { name: 'img.jpg' }));
      const got = await client.delivered(1);
      expect(got.bytes.equals(bytes)).toBe(true);
      expect(got.end.sha256).toBe(sha256(bytes));
      expect(got.delivery).toMatchObject({ size, offset: 0, length: size });
    },
  );

  test('a range is cut off at the end, and one at the end is empty', async () => {
    const bytes = await serving.put('img.jpg', noise(1000));
    const client = await serving.greeted();
    client.send(
      encode.get(1, { name: 'img.jpg', offset: 990, length: 100 }),
      encode.get(2, { name: 'img.jpg', offset: 1000 }),
      encode.get(3, { name: 'img.jpg', offset: 1001 }),
      encode.get(4, { name: 'img.jpg', offset: 10, length: 0 }),
    );
    expect((await client.delivered(1)).bytes.equals(bytes.subarray(990))).toBe(true);
    expect((await client.delivered(2)).delivery).toMatchObject({ offset: 1000, length: 0 });
    expect((await client.error(3)).code).toBe('BAD_RANGE');
    expect((await client.delivered(4)).bytes).toHaveLength(0);
    expect(client.frames.filter((frame) => frame.type === MessageType.END)).toHaveLength(3);
  });

  test('the second delivery says the digest up front that the first has found out', async () => {
    const bytes = await serving.put('img.jpg', noise(1000));
    const client = await serving.greeted();
    client.send(encode.get(1, { name: 'img.jpg' }));
    expect((await client.delivered(1)).delivery.sha256).toBeUndefined();
    client.send(encode.get(2, { name: 'img.jpg', offset: 5 }));
    const second = await client.delivered(2);
    expect([second.delivery.sha256, second.end.sha256]).toEqual([sha256(bytes), sha256(bytes)]);
  });

  test('preconditions', async () => {
    const bytes = await serving.put('img.jpg', noise(1000));
    const client = await serving.greeted();
    client.send(encode.stat(1, { name: 'img.jpg' }));
    const { version } = await client.image(1);
    client.send(
      encode.get(2, { name: 'img.jpg', version }),
      encode.get(3, { name: 'img.jpg', version: 'another' }),
      encode.get(4, { name: 'img.jpg', sha256: sha256(bytes) }),
      encode.get(5, { name: 'img.jpg', sha256: sha256(Buffer.from('another')) }),
    );
    expect((await client.delivered(2)).bytes).toHaveLength(1000);
    expect((await client.error(3)).code).toBe('CHANGED');
    expect((await client.delivered(4)).bytes).toHaveLength(1000);
    expect((await client.error(5)).code).toBe('CHANGED');
  });

  test.each([1, 100_000, 5_000_000])(
    'a digest as precondition is found out by reading if it is not known, and told with the last %d bytes',
    async (length) => {
      const bytes = await serving.put('img.jpg', noise(5_000_001));
      const client = await serving.greeted();
      const offset = bytes.length - length;
      client.send(encode.get(1, { name: 'img.jpg', offset, sha256: sha256(bytes) }));
      const got = await client.delivered(1);
      expect(got.bytes.equals(bytes.subarray(offset))).toBe(true);
      expect([got.delivery.sha256, got.end.sha256]).toEqual([sha256(bytes), sha256(bytes)]);
    },
  );

  test.each(['', '..', '../x.jpg', '/etc/passwd', 'a\0.jpg', 'a//b.jpg', '.hidden.jpg', 'no.jpg', 'folder'])(
    '%j is not found, and the connection goes on',
    async (name) => {
      await serving.put('folder/img.jpg', 'x');
      const client = await serving.greeted();
      client.send(encode.get(1, { name }), encode.get(2, { name: 'folder/img.jpg' }));
      expect((await client.error(1)).code).toBe('NOT_FOUND');
      expect((await client.delivered(2)).bytes.toString()).toBe('x');
    },
  );
});
