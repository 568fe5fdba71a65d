import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { always, countAtMost, type Bar, type Setting } from '../bar';
import { Random } from '../fuzz/random';
import { setScene, type Scene } from '../load/scene';
import { Served } from '../process/served';
import { ClientRun } from './client-run';
import { lookAt } from './final-names';

/** Number of kills. */
const FULL = 200;
const QUICK = 16;
/** Milliseconds within which a kill happens: the duration of a whole download. */
const SPAN = 700;
const SMALL = Array.from({ length: 60 }, (_, i): [string, number] => [
  `s/${i % 5}/${i}.jpg`,
  5000 + i * 3000,
]);
const SIZES = { 'a.tif': 40_000_000, 'z.tif': 25_000_000, ...Object.fromEntries(SMALL) };

export const kills: Bar = {
  name: 'kills',
  claim: 'a client or a server that is killed at any moment leaves nothing damaged under a final name',
  async run(setting) {
    const scene = await setScene(setting, SIZES);
    const trial = new Trial(setting, scene);
    while (trial.kills < (setting.quick ? QUICK : FULL)) await trial.round();
    return trial.end();
  },
};

class Trial {
  readonly #setting: Setting;
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #output: string;
  readonly #port: number;
  #server: Served;
  #kills = 0;
  #looks = 0;
  #sound = 0;

  constructor(setting: Setting, scene: Scene) {
    this.#setting = setting;
    this.#scene = scene;
    this.#random = new Random(setting.seed);
    this.#output = join(scene.folder, 'output');
    this.#server = scene.server;
    this.#port = scene.server.endpoint.port;
  }

  /** Processes that were killed while working. */
  get kills(): number {
    return this.#kills;
  }

  async round(): Promise<void> {
    this.#forgetSome();
    const verb = this.#random.pick([['get', '--all', '-o'], ['sync']]);
    const client = new ClientRun(this.#setting.program, this.#port, ...verb, this.#output);
    await sleep(this.#random.below(SPAN));
    if (this.#random.oneIn(2)) {
      await this.#restart();
      await sleep(this.#random.below(SPAN));
    }
    if (await client.kill()) this.#kills++;
    this.#look();
  }

  async end() {
    const client = new ClientRun(this.#setting.program, this.#port, 'sync', this.#output);
    const code = await client.ended;
    const { count } = this.#look();
    await this.#server.kill();
    return [
      always('checks that found every image intact', this.#sound, this.#looks),
      always('images present after one more run', count, this.#scene.gallery.size),
      countAtMost(`exit code of that run, after ${this.#kills} kills`, code ?? 1, 0),
    ];
  }

  async #restart(): Promise<void> {
    await this.#server.kill();
    this.#kills++;
    const { folder } = this.#scene;
    const { program } = this.#setting;
    this.#server = await Served.start({ program, folder, images: join(folder, 'images'), port: this.#port });
  }

  /** So that there is always something to download. */
  #forgetSome(): void {
    if (this.#random.oneIn(8)) return rmSync(this.#output, { recursive: true, force: true });
    for (const name of this.#scene.gallery.keys()) {
      if (this.#random.oneIn(2)) rmSync(join(this.#output, name), { force: true });
    }
  }

  #look(): { count: number } {
    const { count, broken } = lookAt(this.#output, this.#scene.gallery);
    this.#looks++;
    if (broken.length === 0) this.#sound++;
    else console.error(`damaged: ${broken.join(', ')}`);
    return { count };
  }
}
