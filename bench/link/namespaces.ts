import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { command, type Command } from '../process/command';
import { onTearDown } from '../process/tear-down';
import type { Link } from './link';
import type { LinkShape } from './shape';
import type { Sample } from './utilisation';

const SERVER = '10.213.7.1';
const CLIENT = '10.213.7.2';
/** netem counts whole Ethernet frames; this is the share that is payload of TCP with timestamps. */
const PAYLOAD_SHARE = 1448 / 1514;
const EVERY_MS = 10;

/** Two network namespaces and a shaped pair of interfaces; undefined if the machine or the user can't have them. */
export function openNamespaces(shape: LinkShape): Link | undefined {
  const server = `reso-bench-s-${process.pid}`;
  const client = `reso-bench-c-${process.pid}`;
  onTearDown(() => removeNamespaces(server, client));
  const steps = [...joined(server, client), ...shaped(server, shape), ...shaped(client, shape)];
  if (!steps.every(succeeds)) {
    removeNamespaces(server, client);
    return undefined;
  }
  return link(server, client, shape);
}

function joined(server: string, client: string): string[] {
  return [
    `ip netns add ${server}`,
    `ip netns add ${client}`,
    `ip -n ${server} link add link0 type veth peer name link0 netns ${client}`,
    `ip -n ${server} addr add ${SERVER}/24 dev link0`,
    `ip -n ${client} addr add ${CLIENT}/24 dev link0`,
    ...[server, client].flatMap((name) => [
      `ip -n ${name} link set lo up`,
      `ip -n ${name} link set link0 up`,
    ]),
  ];
}

/** The queue holds 100 ms beyond what is in flight. One segment per frame, or netem would delay them as one. */
function shaped(namespace: string, { rateBits, delayMs }: LinkShape): string[] {
  const limit = Math.ceil(((rateBits / 8) * (delayMs + 100)) / 1000 / 1514);
  return [
    `ip -n ${namespace} link set link0 gso_max_segs 1`,
    `tc -n ${namespace} qdisc add dev link0 root netem delay ${delayMs}ms rate ${rateBits}bit limit ${limit}`,
  ];
}

function succeeds(line: string): boolean {
  const [program, ...args] = line.split(' ');
  return spawnSync(program!, args).status === 0;
}

function removeNamespaces(...names: string[]): void {
  for (const name of names) spawnSync('ip', ['netns', 'delete', name]);
}

function link(server: string, client: string, { rateBits, delayMs }: LinkShape): Link {
  const within =
    (namespace: string) =>
    ({ program, args }: Command) =>
      command('ip', 'netns', 'exec', namespace, program, ...args);
  return {
    kind: 'namespaces',
    description: `network namespaces, netem: ${rateBits / 1e9} Gbit/s, ${2 * delayMs} ms round trip`,
    payloadBytesPerSecond: (rateBits / 8) * PAYLOAD_SHARE,
    bind: SERVER,
    onServer: within(server),
    onClient: within(client),
    reach: (port) => Promise.resolve({ host: SERVER, port }),
    meter,
    close: () => Promise.resolve(removeNamespaces(server, client)),
  };
}

/** The counters of the namespace of the process. */
function meter(pid: number): { stop(): Promise<readonly Sample[]> } {
  const samples: Sample[] = [];
  let first: number | undefined;
  const look = () => {
    const received = receivedBytes(pid);
    if (received === undefined) return;
    first ??= received;
    samples.push({ ms: performance.now(), bytes: (received - first) * PAYLOAD_SHARE });
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.resolve(samples);
    },
  };
}

function receivedBytes(pid: number): number | undefined {
  try {
    const [, bytes] = /^\s*link0:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/net/dev`, 'utf8')) ?? [];
    return bytes === undefined ? undefined : Number(bytes);
  } catch {
    return undefined;
  }
}
