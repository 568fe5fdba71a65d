import type { Command } from '../process/command';
import type { Sample } from './utilisation';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What lies between the server and the client. */
export interface Link {
  readonly kind: 'loopback' | 'namespaces' | 'relay';
  /** In a sentence, for the report. */
  readonly description: string;
  /** What of its rate is left for payload; undefined where there is no limit. */
  readonly payloadBytesPerSecond: number | undefined;
  /** The address to listen on. */
  readonly bind: string;
  onServer(command: Command): Command;
  onClient(command: Command): Command;
  /** Where clients reach a server's port. */
  reach(port: number): Promise<Endpoint>;
  /** Begins to count what comes to a client; stopped, it gives the course of it. */
  meter(clientPid: number): { stop(): Promise<readonly Sample[]> };
  close(): Promise<void>;
}
