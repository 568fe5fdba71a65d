import type { DataSet } from './data/data-set';
import { shell } from './process/command';
import { finish } from './process/finish';

/** What a user of a tool without verification runs afterwards. */
export interface Checker {
  readonly name: string;
  readonly needs: string;
  readonly line: string;
}

const CHECKERS: readonly Checker[] = [
  {
    name: 'sha256sum -c (coreutils)',
    needs: 'sha256sum',
    line: 'cd "$1" && sha256sum --quiet -c "$2"',
  },
  {
    name: 'SHA-256 by OpenSSL',
    needs: 'openssl',
    // openssl prints digests but does not compare them.
    line: 'cd "$1" && cut -c 67- "$2" | xargs -d "\\n" openssl dgst -sha256 -r | cmp - "$2"',
  },
];

/** Seconds that each checker took in each round. */
export type Checks = ReadonlyMap<Checker, number[]>;

export function noChecks(missing: readonly string[]): Checks {
  return new Map(CHECKERS.filter(({ needs }) => !missing.includes(needs)).map((checker) => [checker, []]));
}

/** Times each checker on a copy. */
export async function timeCheckers(checks: Checks, { sums }: DataSet, copy: string, deadlineMs: number) {
  for (const [{ line }, seconds] of checks) seconds.push(await finish(shell(line, copy, sums), deadlineMs));
}
