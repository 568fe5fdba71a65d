import type { Endpoint, Link } from '../link/link';
import type { Command } from '../process/command';
import { freePort } from '../process/free-port';
import { listening } from '../process/listening';
import { Running } from '../process/running';

/** A server that accepts connections. */
export interface Service {
  readonly endpoint: Endpoint;
  readonly running: Running;
}

/** Starts a server on a free port, behind the link. */
export async function startService(link: Link, commandFor: (port: number) => Command): Promise<Service> {
  const port = await freePort();
  const running = new Running(link.onServer(commandFor(port)));
  try {
    await listening(running, port);
    return { endpoint: await link.reach(port), running };
  } catch (error) {
    await running.stop();
    throw error;
  }
}
