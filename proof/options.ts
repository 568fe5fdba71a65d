import { parseArgs } from 'node:util';

export interface Options {
  /** Proofs to run; empty: all. */
  readonly only: readonly string[];
  readonly quick: boolean;
  /** Milliseconds. */
  readonly soak: number;
  /** The program to test. */
  readonly reso: string;
  readonly help: boolean;
}

export const USAGE = `usage: npm run proof -- [options] [NAME...]

  NAME           only these proofs; gallery and million, which need Chromium, and s3-many, which needs Docker, run only if
                 they are named

  --quick        smaller numbers, about two minutes
  --only NAME    the same
  --soak TIME    duration of random work with faults, such as 90s or 10m (default: 2m; --quick: 20s)
  --reso FILE    the program to test (default: dist/cli/main.js)

Set RESO_PROOF_SEED to repeat a run.`;

export function parseOptions(argv: string[], root: string): Options {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      soak: { type: 'string' },
      reso: { type: 'string', default: `${root}/dist/cli/main.js` },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { soak, only, ...rest } = values;
  return {
    ...rest,
    only: [...only, ...positionals],
    soak: milliseconds(soak ?? (rest.quick ? '20s' : '2m')),
  };
}

function milliseconds(text: string): number {
  const [, number, unit] = /^(\d+)([sm])$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`--soak needs a time such as 90s or 10m, not ${text}`);
  return Number(number) * (unit === 'm' ? 60_000 : 1000);
}
