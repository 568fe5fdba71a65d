import { join } from 'node:path';

/** Label on every container of this harness, with the run's id as its value. */
export const RUN_LABEL = 'reso.integration-run';

/** What the global set-up hands to the test files, which run in processes or contexts of their own. */
export interface TestRun {
  /** Part of the name of everything that lives in the engine. */
  readonly id: string;
  /** A copy of the repository, as a fresh clone would be; both images were built from it. */
  readonly checkout: string;
  /** Another one, in which the command line was built. */
  readonly built: string;
}

const VARIABLE = 'INTEGRATION_TEST_RUN';

export function publishTestRun(run: TestRun): void {
  process.env[VARIABLE] = JSON.stringify(run);
}

export function testRun(): TestRun {
  const run = process.env[VARIABLE];
  if (run === undefined)
    throw new Error('The global set-up did not run: start with `npm run test:integration`.');
  return JSON.parse(run) as TestRun;
}

/** Path of the command line, built once for all test files. */
export function builtProgram(): string {
  return join(testRun().built, 'dist/cli/main.js');
}

export type Program = 'server' | 'client';

export function imageTag(program: Program, { id } = testRun()): string {
  return `reso-integration-${program}:${id}`;
}
