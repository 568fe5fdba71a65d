import type Dockerode from 'dockerode';
import { getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';

/** The engine that Testcontainers uses, for what it has no verb for. */
export async function engine(): Promise<Dockerode> {
  return (await getContainerRuntimeClient()).container.dockerode;
}

export async function rawContainer(container: StartedTestContainer): Promise<Dockerode.Container> {
  return (await engine()).getContainer(container.getId());
}

/** Waits until the container's process has ended; resolves to its exit code. */
export async function exitCodeOf(container: StartedTestContainer): Promise<number> {
  const { StatusCode } = (await (await rawContainer(container)).wait()) as { StatusCode: number };
  return StatusCode;
}
