import type { Bed } from '../bed';
import type { Command } from '../process/command';
import type { Running } from '../process/running';

/** One run of a tool, ready to start. Only the command is timed. */
export interface Trial {
  readonly command: Command;
  /** The server, to measure its costs. */
  readonly server?: Running;
  /** The folder of its output, which stays for the next run. */
  readonly kept?: string;
  end?(): Promise<void>;
}

export interface Tool {
  readonly name: string;
  /** A floor moves no bytes over a network: it is shown, but never the best peer. */
  readonly role: 'reso' | 'peer' | 'floor';
  readonly needs: readonly string[];
  /** The features that it lacks. */
  readonly leavesOut: readonly string[];
  /** Waits a round trip for each image. */
  readonly oneByOne?: boolean;
  /** Delivers no files: there is nothing to check. */
  readonly deliversNothing?: boolean;
  /** After its runs, coreutils and OpenSSL check the digests, for the combined rows. */
  readonly checked?: boolean;
  prepare(bed: Bed, output: string): Promise<Trial>;
}

export const UNPROVEN = ['verification', 'atomic files', 'resume'];

/** This build does not support it: noted in the table, not a failure. */
export class NotAvailable extends Error {}
