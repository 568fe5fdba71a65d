import type { Bed } from '../bed';
import type { Command } from '../process/command';
import type { Running } from '../process/running';

/** One run of a tool, ready to start. Only the command is timed. */
export interface Trial {
  readonly command: Command;
  /** To see what it costs. */
  readonly server?: Running;
  /** What it delivers stays for the next run, and lies here. */
  readonly kept?: string;
  end?(): Promise<void>;
}

export interface Tool {
  readonly name: string;
  /** A floor moves no byte over a network: shown, and never the best peer. */
  readonly role: 'reso' | 'peer' | 'floor';
  readonly needs: readonly string[];
  /** What a user of it goes without. */
  readonly leavesOut: readonly string[];
  /** Waits a round trip for each image. */
  readonly oneByOne?: boolean;
  /** Delivers no file: there is nothing to check. */
  readonly deliversNothing?: boolean;
  /** After its runs the digests are checked by coreutils and OpenSSL, for the rows beside. */
  readonly checked?: boolean;
  prepare(bed: Bed, output: string): Promise<Trial>;
}

export const UNPROVEN = ['verification', 'atomic files', 'resume'];

/** This build cannot do it: said in the table, and no failure. */
export class NotAvailable extends Error {}
