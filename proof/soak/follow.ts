import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from '../../src/testing/fault-proxy';
import { seededBytes } from '../../bench/data/random';
import { always, countAtMost, timeAtMost, type Bar, type Setting } from '../bar';
import { Random } from '../fuzz/random';
import { ClientRun } from '../kills/client-run';
import { lookAt } from '../kills/final-names';
import { hang } from '../load/gallery';
import { quantile } from '../load/quantile';
import { Served } from '../process/served';
import { until } from '../process/until';

const IMAGES = 1000;
const CHANGES = { full: 1000, quick: 120 };
const FOLDERS = 10;
const MOST_BYTES = 200_000;
/** Bytes from the server after which a connection is cut: some never get far, most carry a few images. */
const MOST_CARRIED = 600_000;
/** Milliseconds until a change is here while nothing is cut, and until everything is here at the end. */
const SOON = 2000;
const IN_THE_END = 30_000;
const PROBES = { full: 20, quick: 5 };

export const followed: Bar = {
  name: 'follow',
  claim:
    'a copy that follows a server loses no change, whatever happens to the network, the server and itself',
  async run(setting) {
    const tale = await Tale.begin(setting);
    const delays = await tale.probe(setting.quick ? PROBES.quick : PROBES.full);
    await tale.change(setting.quick ? CHANGES.quick : CHANGES.full, setting.soak);
    const lasted = await tale.settle();
    const { count, broken } = tale.look();
    const { expected, cuts, faults } = tale;
    await tale.end();
    return [
      timeAtMost('a new image is in the copy (95 of 100)', quantile(delays, 0.95), SOON),
      always('images in the copy that are the same as on the server', count - broken.length, expected),
      countAtMost('other files in the copy', Math.max(0, count - expected), 0),
      timeAtMost(`time to catch up after ${cuts} cut connections`, lasted, IN_THE_END),
      countAtMost('internal errors of the server', faults, 0),
    ];
  },
};

/** A server whose images change, a bad network, and a client that follows. */
class Tale {
  readonly #setting: Setting;
  readonly #place: string;
  readonly #random: Random;
  readonly #proxy: FaultProxy;
  readonly #known: Map<string, string>;
  #server: Served;
  #client: ClientRun;
  #faults = 0;
  #last = 0;

  private constructor(setting: Setting, place: string, server: Served, proxy: FaultProxy) {
    this.#setting = setting;
    this.#place = place;
    this.#random = new Random(setting.seed);
    this.#proxy = proxy;
    this.#server = server;
    this.#known = new Map(hang(this.#images, sizes(this.#random)));
    this.#client = this.#follow();
  }

  static async begin(setting: Setting): Promise<Tale> {
    const place = mkdtempSync(join(setting.folder, 'follow-'));
    for (const name of ['images', 'aside']) mkdirSync(join(place, name));
    const server = await Served.start({
      program: setting.program,
      images: join(place, 'images'),
      folder: place,
    });
    const proxy = await FaultProxy.start({ port: server.endpoint.port });
    const tale = new Tale(setting, place, server, proxy);
    await until('the first sync is done', () => tale.#isSame(), 60_000);
    return tale;
  }

  get expected(): number {
    return this.#known.size;
  }

  get cuts(): number {
    return this.#proxy.connections;
  }

  get faults(): number {
    return this.#faults + this.#server.faults.split('\n').length - 1;
  }

  /** Milliseconds until each of some new images was in the copy. */
  async probe(count: number): Promise<number[]> {
    const delays: number[] = [];
    for (let i = 0; i < count; i++) {
      const name = `probe-${i}.jpg`;
      this.#put(name);
      const begun = performance.now();
      await until(`${name} is in the copy`, () => this.#has(name));
      delays.push(performance.now() - begun);
      await sleep(this.#random.below(500));
    }
    return delays;
  }

  /** Makes so many changes in about so many milliseconds; halfway the client is killed, later the server. */
  async change(count: number, milliseconds: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      if (i % 10 === 0) this.#proxy.always({ fromServer: { cutAfter: this.#random.below(MOST_CARRIED) } });
      this.#changeOne();
      if (i === count >> 1) await this.#restartClient();
      if (i === Math.round(count * 0.75)) await this.#restartServer();
      await sleep(milliseconds / count);
    }
    this.#proxy.always({});
  }

  /** Milliseconds until the copy is the same. */
  async settle(): Promise<number> {
    const begun = performance.now();
    await until('the copy is the same', () => this.#isSame(), IN_THE_END).catch(() => undefined);
    return performance.now() - begun;
  }

  look(): { count: number; broken: string[] } {
    return lookAt(this.#copy, this.#known);
  }

  async end(): Promise<void> {
    await this.#client.kill();
    await this.#server.kill();
    await this.#proxy.close();
  }

  get #images(): string {
    return join(this.#place, 'images');
  }

  get #copy(): string {
    return join(this.#place, 'copy');
  }

  #follow(): ClientRun {
    return new ClientRun(this.#setting.program, this.#proxy.port, 'sync', this.#copy, '--follow', '--delete');
  }

  async #restartClient(): Promise<void> {
    await this.#client.kill();
    this.#client = this.#follow();
  }

  async #restartServer(): Promise<void> {
    const { port } = this.#server.endpoint;
    this.#faults = this.faults;
    await this.#server.kill();
    const { program } = this.#setting;
    this.#server = await Served.start({ program, images: this.#images, folder: this.#place, port });
  }

  #changeOne(): void {
    const name = this.#random.pick([...this.#known.keys()]);
    switch (this.#random.below(4)) {
      case 0:
        return this.#put(nameOf(this.#random.below(FOLDERS), `new-${++this.#last}`));
      case 1:
        rmSync(join(this.#images, name));
        return void this.#known.delete(name);
      case 2: {
        const other = nameOf(this.#random.below(FOLDERS), `moved-${++this.#last}`);
        renameSync(join(this.#images, name), join(this.#images, other));
        this.#known.set(other, this.#known.get(name)!);
        return void this.#known.delete(name);
      }
      default:
        return this.#put(name);
    }
  }

  /** By a rename, as careful programs do. */
  #put(name: string): void {
    const bytes = seededBytes(`${name} ${++this.#last}`)(1000 + this.#random.below(MOST_BYTES));
    const aside = join(this.#place, 'aside', 'new');
    writeFileSync(aside, bytes);
    renameSync(aside, join(this.#images, name));
    this.#known.set(name, createHash('sha256').update(bytes).digest('hex'));
  }

  #has(name: string): boolean {
    return statSync(join(this.#copy, name), { throwIfNoEntry: false }) !== undefined;
  }

  /** Counts before it compares, which takes longer. */
  #isSame(): boolean {
    let count = 0;
    try {
      for (const entry of readdirSync(this.#copy, { recursive: true, withFileTypes: true }))
        if (entry.isFile() && !entry.parentPath.includes('.reso')) count++;
    } catch {
      return false;
    }
    return count === this.expected && this.look().broken.length === 0;
  }
}

function nameOf(folder: number, name: string): string {
  return `${folder}/${name}.jpg`;
}

function sizes(random: Random): Record<string, number> {
  return Object.fromEntries(
    Array.from({ length: IMAGES }, (_, i) => [
      nameOf(i % FOLDERS, String(i)),
      1000 + random.below(MOST_BYTES),
    ]),
  );
}
