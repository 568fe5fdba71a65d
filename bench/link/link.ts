import type { Command } from '../process/command';
import type { Sample } from './utilisation';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The network between server and client. */
export interface Link {
  readonly kind: 'loopback' | 'namespaces' | 'relay';
  /** A description for the report. */
  readonly description: string;
  /** The part of its rate that is left for payload; undefined without a limit. */
  readonly payloadBytesPerSecond: number | undefined;
  /** The address to listen on. */
  readonly bind: string;
  onServer(command: Command): Command;
  onClient(command: Command): Command;
  /** Where clients reach a server's port. */
  reach(port: number): Promise<Endpoint>;
  /** Starts counting what arrives at a client; when stopped, returns the samples. */
  meter(clientPid: number): { stop(): Promise<readonly Sample[]> };
  close(): Promise<void>;
}
