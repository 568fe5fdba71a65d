import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from '../../src';
import { makeDataSet, type DataSet } from '../data/data-set';
import { makePlace } from '../place';
import { node } from '../process/command';
import { finish } from '../process/finish';
import { freePort } from '../process/free-port';
import { anonymousMemory } from '../process/memory';
import { timeOfGroupAtRest } from '../process/processor';
import { Running } from '../process/running';
import { onTearDown, tearDownAtExit } from '../process/tear-down';
import { median } from '../statistics';

const ROOT = join(__dirname, '../..');
const ROOM = 4 * 2 ** 30;
const DEADLINE = 300_000;
const IDLE = 1000;
const USAGE = `usage: npm run bench:scaling -- [--rounds N] [--reso FILE] [--image NAME] [--cpus N]

What a server needs for each image, byte and connection, and how replicas add up: 1, 2 and 4 containers of the server's
Docker image, each limited to a part of a processor, that serve one client. Writes docs/benchmarks/scaling.json.`;

/** Images to download: what each costs the server, and what each byte costs it. */
const LOADS = [
  { name: '10 KB', count: 20_000, size: 10_000 },
  { name: '100 KB', count: 5000, size: 100_000 },
  { name: '5 MB', count: 200, size: 5_000_000 },
] as const;
const REPLICAS = [1, 2, 4];

interface Cost {
  readonly images: string;
  /** Microseconds of the server's processor for each image, and seconds for each GiB. */
  readonly image: number;
  readonly gib: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      reso: { type: 'string', default: join(ROOT, 'dist/cli/main.js') },
      image: { type: 'string', default: 'reso-server' },
      cpus: { type: 'string', default: '0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  tearDownAtExit();
  const place = makePlace(undefined, ROOM);
  chmodSync(place, 0o755);
  const rounds = Number(values.rounds);
  const costs: Cost[] = [];
  for (const load of LOADS) costs.push(await costOf(place, values.reso, load, rounds));
  const connection = await memoryOfConnection(place, values.reso);
  const rates = await ratesOfReplicas(place, values, rounds);
  const results = {
    date: new Date().toISOString().slice(0, 10),
    costs,
    connection,
    cpus: values.cpus,
    rates,
  };
  print(results);
  writeFileSync(join(ROOT, 'docs/benchmarks/scaling.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  process.exit();
}

type Load = (typeof LOADS)[number];

async function costOf(place: string, reso: string, load: Load, rounds: number): Promise<Cost> {
  const data = makeDataSet(place, load.name.replace(' ', ''), Array<number>(load.count).fill(load.size));
  const { server, port } = await startServer(place, reso, data);
  const times: number[] = [];
  // The first download finds the digests.
  for (let round = 0; round <= rounds; round++) {
    const before = await timeOfGroupAtRest(server.pid);
    await download(place, reso, [`127.0.0.1:${port}`]);
    if (round > 0) times.push((await timeOfGroupAtRest(server.pid)) - before);
  }
  await server.stop();
  data.remove();
  const seconds = median(times);
  return {
    images: load.name,
    image: (seconds / load.count) * 1e6,
    gib: seconds / (data.bytes / 2 ** 30),
  };
}

/** Bytes of memory for each connection that has said HELLO and is idle. */
async function memoryOfConnection(place: string, reso: string): Promise<number> {
  const data = makeDataSet(place, 'idle', [1000]);
  const { server, port } = await startServer(place, reso, data);
  const before = anonymousMemory(server.pid);
  const clients = Array.from({ length: IDLE }, () => connect({ port, connections: 1 }));
  await Promise.all(clients.map((client) => client.ping()));
  const after = anonymousMemory(server.pid);
  for (const client of clients) client.close();
  await server.stop();
  data.remove();
  return (after - before) / IDLE;
}

interface Setting {
  readonly reso: string;
  readonly image: string;
  readonly cpus: string;
}

/** MB per second of one client, for each number of replicas. */
async function ratesOfReplicas(place: string, setting: Setting, rounds: number): Promise<[number, number][]> {
  const data = makeDataSet(place, 'replicas', Array<number>(3000).fill(100_000));
  const ports: number[] = [];
  for (let i = 0; i < Math.max(...REPLICAS); i++) ports.push(await startContainer(data, setting));
  const rates: [number, number][] = [];
  // Each finds all digests first.
  for (const port of ports) await download(place, setting.reso, [`127.0.0.1:${port}`]);
  const found = new Map<number, number[]>(REPLICAS.map((count) => [count, []]));
  for (let round = 0; round < rounds; round++)
    for (const count of REPLICAS) {
      const servers = ports.slice(0, count).map((port) => `127.0.0.1:${port}`);
      const seconds = await download(place, setting.reso, servers, ['-j', '8']);
      found.get(count)!.push(data.bytes / 1e6 / seconds);
    }
  for (const [count, all] of found) rates.push([count, median(all)]);
  return rates;
}

async function startServer(place: string, reso: string, data: DataSet) {
  const port = await freePort();
  const where = ['--host', '127.0.0.1', '--port', String(port), '--no-http'];
  const state = join(place, `state-${port}`);
  const server = new Running(node(reso, 'serve', data.folder, '--state', state, ...where));
  await untilReady(port);
  return { server, port };
}

async function startContainer(data: DataSet, { image, cpus }: Setting): Promise<number> {
  const port = await freePort();
  const run = [
    'run',
    '--detach',
    '--rm',
    '--network',
    'host',
    '--cpus',
    cpus,
    '--volume',
    `${data.folder}:/images:ro`,
  ];
  const id = docker(...run, image, 'serve', '--port', String(port), '--no-http');
  onTearDown(() => docker('kill', id));
  await untilReady(port);
  return port;
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}

async function untilReady(port: number): Promise<void> {
  const client = connect({ port, connections: 1, retries: 0 });
  for (let tries = 0; tries < 300; tries++) {
    const isReady = await client.ping().then(
      () => true,
      () => false,
    );
    if (isReady) return client.close();
    await sleep(100);
  }
  throw new Error(`no server on port ${port}`);
}

let copies = 0;

/** Seconds. */
function download(place: string, reso: string, servers: string[], more: string[] = []): Promise<number> {
  const output = join(place, `copy-${copies++}`);
  const to = servers.flatMap((server) => ['--server', server]);
  return finish(node(reso, 'get', '--all', '-q', '--output', output, ...to, ...more), DEADLINE).finally(() =>
    execFileSync('rm', ['-rf', output]),
  );
}

function print({
  costs,
  connection,
  cpus,
  rates,
}: {
  readonly costs: readonly Cost[];
  readonly connection: number;
  readonly cpus: string;
  readonly rates: readonly [number, number][];
}): void {
  for (const { images, image, gib } of costs)
    console.log(`images of ${images}: ${image.toFixed(0)} us each, ${gib.toFixed(2)} s per GiB`);
  console.log(`an idle connection: ${(connection / 1000).toFixed(1)} KB`);
  for (const [count, rate] of rates)
    console.log(
      `${count} of ${cpus} processors each: ${rate.toFixed(1)} MB/s, ${(rate / rates[0]![1]).toFixed(2)}`,
    );
}

void main();
