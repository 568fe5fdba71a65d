import { parseArgs } from 'node:util';

export interface Options {
  readonly rounds: number;
  /** Folder for the data and the copies; undefined: chosen by free space. */
  readonly dir: string | undefined;
  /** Folder for the results. */
  readonly out: string;
  readonly quick: boolean;
  /** Workloads to run; empty: all. */
  readonly only: readonly string[];
  /** The program to measure. */
  readonly reso: string;
  /** Multiplies the number and size of images, to test the benchmark itself. */
  readonly scale: number;
  readonly help: boolean;
}

export const USAGE = `usage: npm run bench -- [options]

  --quick         smaller sets, under three minutes
  --rounds N      rounds; each tool runs once per round (default: 5; --quick: 3)
  --only NAME     only this workload; may be repeated
  --dir DIR       folder for data and copies (default: /dev/shm if it has room, otherwise the temporary folder)
  --out DIR       folder for the JSON and the plot (default: docs/benchmarks)
  --reso FILE     the program to measure (default: dist/cli/main.js)
  --scale X       sets of X times the size, to test the benchmark itself`;

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
  if (!Number.isInteger(rounds)) throw new Error('--rounds must be a whole number');
  return { rounds, dir, out, quick, only, reso, scale: positive('--scale', values.scale), help };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} must be a number above 0, not ${text}`);
  return value;
}
