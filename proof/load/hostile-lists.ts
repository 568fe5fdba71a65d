import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTearDown } from '../../bench/process/tear-down';
import { connect } from '../../src';
import { MAX_GLOB_BYTES, MAX_GLOBS_BYTES } from '../../src/names';
import { encode } from '../../src/protocol';
import { always, bytesAtMost, timeAtMost, type Bar, type Reading } from '../bar';
import type { Served } from '../process/served';
import { until } from '../process/until';
import type { Endpoint } from './endpoint';
import { Pinger } from './pinger';
import { setScene, type Scene } from './scene';
import { Visitor } from './visitor';

const CONNECTIONS = 10;
const FULL = { images: 2000, watch: 15_000, large: 2 ** 30 };
const QUICK = { images: 1000, watch: 2500, large: 2 ** 26 };
/** Milliseconds. */
const SLOWEST_PING = 200;
const IDLE_AFTER = 1000;
/** Bytes. */
const MOST_MEMORY = 64e6;
/** Milliseconds between two checks or pings. */
const LOOK_EVERY = 20;
const TICK = 10;

/** The request, and how many of it are outstanding on each connection. */
interface Attack {
  readonly what: string;
  readonly request: Buffer;
  readonly depth: number;
}

/** 64 combinations of braces and hundreds of parallel states in each glob. */
function costlyGlob(bytes: number, end: string): string {
  const head = '{**a,*a}'.repeat(6);
  return head + '**a'.repeat(Math.floor((bytes - head.length - end.length) / 3)) + end;
}

function attacks(): readonly Attack[] {
  const beyond = Array.from({ length: 60 }, (_, i) => costlyGlob(990, `**b${i}`));
  const most = MAX_GLOBS_BYTES / MAX_GLOB_BYTES;
  const allowed = Array.from({ length: most }, (_, i) => costlyGlob(MAX_GLOB_BYTES, `**b${i}`));
  return [
    { what: 'lists with too many globs', request: encode.list(0, { globs: beyond }), depth: 10 },
    { what: 'lists with the costliest globs', request: encode.list(0, { globs: allowed }), depth: 50 },
    { what: 'whole lists', request: encode.list(0, { after: 'A' }), depth: 200 },
    { what: 'first pages', request: encode.list(0, {}), depth: 200 },
    { what: 'lists after a long name', request: encode.list(0, { after: 'z'.repeat(60_000) }), depth: 15 },
    { what: 'states', request: encode.stat(0, { name: nameOf(1) }), depth: 200 },
    { what: 'states of missing images', request: encode.stat(0, { name: 'a/'.repeat(500) }), depth: 200 },
    { what: 'images', request: encode.get(0, { name: nameOf(1) }), depth: 200 },
    {
      what: 'parts of missing images',
      request: encode.get(0, { name: 'nothing.jpg', offset: 1 }),
      depth: 200,
    },
    { what: 'digests', request: encode.digests(0, { name: LARGE, count: 4096 }), depth: 200 },
  ];
}

const LARGE = 'large.tif';

/** 200 characters, all of which the costly globs match. */
function nameOf(i: number): string {
  return `${'a'.repeat(191)}${String(i).padStart(5, '0')}.gif`;
}

export const hostileLists: Bar = {
  name: 'hostile-lists',
  claim: 'whatever clients request as fast as they can, others are served, and the load ends with them',
  async run(setting) {
    const { images, watch, large } = setting.quick ? QUICK : FULL;
    const sizes = Object.fromEntries(Array.from({ length: images }, (_, i) => [nameOf(i), 10]));
    const scene = await setScene(setting, { 'a.jpg': 100_000, ...sizes }, ['--log-level', 'error']);
    makeSparse(join(scene.folder, 'images', LARGE), large);
    await hashNow(scene.server.endpoint);
    const readings: Reading[] = [];
    for (const attack of attacks()) readings.push(...(await suffer(scene, attack, watch)));
    await scene.server.kill();
    return readings;
  },
};

async function suffer({ server, gallery, folder }: Scene, attack: Attack, watch: number): Promise<Reading[]> {
  await server.collect();
  const before = server.memory;
  let peak = 0;
  const watching = setInterval(() => (peak = Math.max(peak, server.memory - before)), LOOK_EVERY);
  const hostile = begin(attack, server.endpoint);
  const visitor = new Visitor(server.endpoint, gallery, 'a.jpg', folder);
  const pinger = new Pinger(server.endpoint);
  await sleep(watch);
  const { slowest } = await pinger.leave();
  const visits = await visitor.leave();
  hostile.kill('SIGKILL');
  await once(hostile, 'exit');
  const restless = await timeUntilIdle(server);
  clearInterval(watching);
  return [
    timeAtMost(`${attack.what}: slowest ping of another client`, slowest, SLOWEST_PING),
    always(`${attack.what}: downloads verified in the meantime`, visits.verified, visits.count),
    bytesAtMost(`${attack.what}: additional memory of the server`, peak, MOST_MEMORY),
    timeAtMost(`${attack.what}: time until the processor is idle again`, restless, IDLE_AFTER),
  ];
}

function begin({ request, depth }: Attack, { host, port }: Endpoint): ChildProcess {
  const program = join(__dirname, 'hostile-client.js');
  const args = [program, host, String(port), String(CONNECTIONS), String(depth)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  onTearDown(() => child.kill('SIGKILL'));
  const hello = encode.clientHello({ versions: [1] });
  child.stdin!.end(`${hello.toString('hex')}\n${request.toString('hex')}\n`);
  return child;
}

/** Milliseconds until the process uses no more than a twentieth of a processor. */
async function timeUntilIdle(server: Served): Promise<number> {
  const begun = performance.now();
  let idleFrom = begun;
  let last = ticks(server.pid);
  await until(
    'the server is idle',
    async () => {
      await sleep(10 * LOOK_EVERY);
      const now = ticks(server.pid);
      const isIdle = (now - last) * TICK <= LOOK_EVERY / 2;
      last = now;
      if (!isIdle) idleFrom = performance.now();
      return isIdle;
    },
    30_000,
  );
  return idleFrom - begun;
}

/** Processor time, user and system. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Hashing it in the background between two attacks would count as work for the clients of the previous one. */
async function hashNow({ host, port }: Endpoint): Promise<void> {
  const client = connect({ host, port });
  await client.digests(LARGE);
  client.close();
}

/** A sparse file of this many zero bytes. */
function makeSparse(path: string, size: number): void {
  const fd = openSync(path, 'w');
  ftruncateSync(fd, size);
  closeSync(fd);
}
