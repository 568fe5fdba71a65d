import type { BindMount, Environment, TmpFs } from 'testcontainers/build/types';
import type { StartedNetwork, StartedTestContainer } from 'testcontainers';
import { logOf } from './container-logs';
import { exitCodeOf } from './engine';
import { HardenedContainer } from './hardened-container';
import { PORT, SERVER } from './server';
import { WithoutWaiting } from './without-waiting';

export interface ClientSetting {
  readonly network: StartedNetwork;
  /** Folder on this machine, or volume, for /downloads. */
  readonly output?: string | undefined;
  readonly user?: string;
  readonly entrypoint?: string[];
  readonly mounts?: BindMount[];
  readonly tmpfs?: TmpFs;
  readonly environment?: Environment;
}

/** What `get --json` prints of an image. */
export interface JsonResult {
  readonly name: string;
  readonly outcome: 'downloaded' | 'identical' | 'failed';
  readonly code: string | null;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly bytesReceived: number;
  readonly resumedFrom: number;
  readonly attempts: number;
}

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A client container with the rights that docker-compose.yml gives it. */
export function newClient({ network, output, user, entrypoint, ...rest }: ClientSetting): HardenedContainer {
  const client = new HardenedContainer('client')
    .withNetwork(network)
    .withAddedCapabilities('SETUID', 'SETGID')
    .withEnvironment({ RESO_SERVER: `${SERVER}:${PORT}`, ...rest.environment })
    .withTmpFs(rest.tmpfs ?? {})
    .withWaitStrategy(new WithoutWaiting());
  const mounts = rest.mounts ?? [];
  client.withBindMounts(
    output === undefined ? mounts : [...mounts, { source: output, target: '/downloads' }],
  );
  if (user !== undefined) client.withUser(user);
  if (entrypoint !== undefined) client.withEntrypoint(entrypoint);
  return client;
}

/** A client that runs. */
export class RunningClient implements AsyncDisposable {
  readonly container: StartedTestContainer;

  constructor(container: StartedTestContainer) {
    this.container = container;
  }

  async ended(): Promise<Ended> {
    const exitCode = await exitCodeOf(this.container);
    const [stdout, stderr] = await Promise.all([logOf(this.container, 'stdout'), this.stderr()]);
    return { exitCode, stdout, stderr };
  }

  /** What it has said so far. */
  stderr(): Promise<string> {
    return logOf(this.container, 'stderr');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container.stop();
  }
}

export async function startClient(setting: ClientSetting, ...args: string[]): Promise<RunningClient> {
  return new RunningClient(await newClient(setting).withCommand(args).start());
}

/** Runs a client to its end. */
export async function runClient(setting: ClientSetting, ...args: string[]): Promise<Ended> {
  await using client = await startClient(setting, ...args);
  return await client.ended();
}

/** The objects that `--json` printed. */
export function jsonResults({ stdout }: Ended): JsonResult[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonResult);
}
