import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, ProtocolError, type Client } from '../../src';
import { FaultProxy } from '../../src/testing/fault-proxy';
import { seededBytes } from '../../bench/data/random';
import { always, bytesAtMost, countAtMost, type Bar, type Setting } from '../bar';
import { Random } from '../fuzz/random';
import { setScene, type Scene } from '../load/scene';
import { sha256Of } from '../load/visitor';
import { until } from '../process/until';

const CLIENTS = 6;
const MOST_GROWTH = 8e6;
/** Milliseconds between two changes of an image on the server. */
const CHANGE_EVERY = 500;
/** Most image bytes before a proxy cuts the connection. */
const MOST_CARRIED = 3_000_000;
const SIZES = {
  ...Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`s/${i}.jpg`, 2000 + i * 4000])),
  'l/a.tif': 9_000_000,
  'l/b.tif': 3_500_000,
};

export const soak: Bar = {
  name: 'soak',
  claim:
    'several clients do various things over a bad network while images change, and everything that arrives verifies',
  async run(setting) {
    const scene = await setScene(setting, SIZES);
    const { server } = scene;
    const heap = await server.collect();
    const sockets = server.descriptors.sockets;
    const tale = new Soak(setting, scene);
    await tale.go();
    await until('the sockets are gone', () => server.descriptors.sockets <= sockets);
    const grown = async () => (await server.collect()) - heap;
    // Buffers are kept for the next clients, but not for long.
    await until('idle buffers are freed', async () => (await grown()) <= MOST_GROWTH).catch(() => undefined);
    const growth = await grown();
    const faults = server.faults;
    if (faults !== '') console.error(faults);
    await server.kill();
    return [
      always('downloads that match some version of their image', tale.right, tale.arrived),
      countAtMost(`of ${tale.operations} operations, unexpected failures`, tale.failures, 0),
      countAtMost('internal errors of the server', faults.split('\n').length - 1, 0),
      bytesAtMost('heap growth of the server', growth, MOST_GROWTH),
    ];
  },
};

class Soak {
  arrived = 0;
  right = 0;
  operations = 0;
  failures = 0;
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #deadline: number;
  /** All digests that each image has ever had. */
  readonly #known: Map<string, Set<string>>;
  #changes = 0;

  constructor({ seed, soak }: Setting, scene: Scene) {
    this.#scene = scene;
    this.#random = new Random(seed);
    this.#deadline = performance.now() + soak;
    this.#known = new Map([...scene.gallery].map(([name, sha256]) => [name, new Set([sha256])]));
  }

  async go(): Promise<void> {
    const clients = Array.from({ length: CLIENTS }, (_, i) =>
      this.#work(join(this.#scene.folder, `out-${i}`)),
    );
    await Promise.all([...clients, this.#changeImages()]);
  }

  get #isOver(): boolean {
    return performance.now() > this.#deadline;
  }

  async #work(output: string): Promise<void> {
    while (!this.#isOver) {
      const proxy = await FaultProxy.start({ port: this.#scene.server.endpoint.port });
      for (let i = this.#random.below(5); i > 0; i--) proxy.cutAfter(this.#random.below(MOST_CARRIED));
      const isDamaged = this.#random.oneIn(3);
      if (isDamaged) proxy.flipAt(this.#random.below(200_000));
      const client = connect({
        port: proxy.port,
        connections: 1 + this.#random.below(4),
        retries: 8,
        timeout: 10,
      });
      this.operations++;
      try {
        await this.#operate(client, output);
      } catch (error) {
        // A corrupted reply that is still valid JSON is reported as BAD_MESSAGE.
        if (!(isDamaged && error instanceof ProtocolError)) this.#fail(error);
      }
      client.close();
      await proxy.close();
    }
  }

  async #operate(client: Client, output: string): Promise<void> {
    if (this.#random.oneIn(3)) rmSync(output, { recursive: true, force: true });
    switch (this.#random.below(4)) {
      case 0:
        return void (await client.sync(output, { onResult: (result) => this.#look(output, result) }));
      case 1:
        return void (await client.verify({ folder: output }).catch(() => undefined));
      case 2:
        return this.#breakOff(client);
      default:
        return void (await client.download(this.#random.oneIn(2) ? undefined : ['l/*', 's/1*.jpg'], {
          output,
          overwrite: true,
          onResult: (result) => this.#look(output, result),
        }));
    }
  }

  /** Reads a part of an image and stops. */
  async #breakOff(client: Client): Promise<void> {
    try {
      for await (const bytes of client.read(this.#random.pick([...this.#known.keys()]))) {
        if (bytes.length === 0 || this.#random.oneIn(3)) return;
      }
    } catch {
      // The network is bad, and reads are not retried once bytes have arrived.
    }
  }

  #look(
    output: string,
    { name, outcome, error }: { name: string; outcome: string; error?: Error | undefined },
  ): void {
    if (outcome === 'failed') return this.#judge(error);
    if (outcome !== 'downloaded') return;
    this.arrived++;
    if (this.#known.get(name)?.has(sha256Of(join(output, name)))) this.right++;
    else console.error(`${name} matches no version of the image`);
  }

  /** Giving up on an image that keeps changing is fine; damage in transit must be detected. */
  #judge(error: Error | undefined): void {
    const code = (error as { code?: string } | undefined)?.code ?? '';
    if (['CHANGED', 'DIGEST_MISMATCH', 'DISCONNECTED', 'EXISTS'].includes(code)) return;
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.failures++;
    console.error(error);
  }

  /** By a rename, as careful programs do. */
  async #changeImages(): Promise<void> {
    const aside = join(this.#scene.folder, 'aside');
    mkdirSync(aside);
    while (!this.#isOver) {
      await sleep(CHANGE_EVERY);
      const name = this.#random.pick([...this.#known.keys()]);
      const bytes = seededBytes(`${name} ${++this.#changes}`)(1000 + this.#random.below(4_000_000));
      this.#known.get(name)!.add(createHash('sha256').update(bytes).digest('hex'));
      writeFileSync(join(aside, 'new'), bytes);
      renameSync(join(aside, 'new'), join(this.#scene.folder, 'images', name));
    }
  }
}
