import { parseArgs } from 'node:util';

export interface Options {
  readonly rounds: number;
  /** Where the data and the copies lie; undefined: chosen by room. */
  readonly dir: string | undefined;
  /** Where the figures go. */
  readonly out: string;
  readonly quick: boolean;
  /** Workloads to run; empty: all. */
  readonly only: readonly string[];
  /** The program to measure. */
  readonly reso: string;
  /** Multiplies the number and size of images; to try the benchmark itself. */
  readonly scale: number;
  readonly help: boolean;
}

export const USAGE = `usage: npm run bench -- [options]

  --quick         smaller sets, under three minutes
  --rounds N      rounds, each tool once a round (default: 5; --quick: 3)
  --only NAME     only this workload; may be given again
  --dir DIR       where data and copies lie (default: /dev/shm if there is room, else the temporary folder)
  --out DIR       where the JSON and the plot go (default: docs/benchmarks)
  --reso FILE     the program to measure (default: dist/cli/main.js)
  --scale X       sets of X times the size, to try the benchmark itself`;

export function parseOptions(argv: string[], root: string): Options {
  const { values } = parseArgs({
    args: argv,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      dir: { type: 'string' },
      out: { type: 'string', default: `${root}/docs/benchmarks` },
      reso: { type: 'string', default: `${root}/dist/cli/main.js` },
      scale: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, only, dir, out, reso, help } = values;
  const rounds = positive('--rounds', values.rounds ?? (quick ? '3' : '5'));
  if (!Number.isInteger(rounds)) throw new Error('--rounds needs a whole number');
  return { rounds, dir, out, quick, only, reso, scale: positive('--scale', values.scale), help };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} needs a number above 0, not ${text}`);
  return value;
}
