import { createRequire } from 'node:module';

interface Step {
  name: string;
  status: number;
  seconds: number;
}
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
}
interface Tally {
  tally(
    steps: Step[],
    reports: Record<string, Report>,
    exitCode?: number,
  ): { passed: number; failed: number };
  parseSteps(text: string): Step[];
}

const { tally, parseSteps } = createRequire(__filename)('./tally.js') as Tally;

const report = (passed: number, failed = 0, broken = 0): Report => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numRuntimeErrorTestSuites: broken,
});

test('counts the tests of every report', () => {
  const steps = parseSteps('lint\t0\t3\nunit\t0\t9\nintegration\t0\t80\n');
  expect(tally(steps, { unit: report(12), integration: report(30) })).toEqual({ passed: 42, failed: 0 });
});

test('a suite that could not run is a failure, and its step is not counted again', () => {
  expect(tally(parseSteps('unit\t1\t9\n'), { unit: report(12, 2, 1) })).toEqual({ passed: 12, failed: 3 });
});

test.each(['lint', 'engine', 'integration'])('%s failing without a failed test is one failure', (name) => {
  expect(tally(parseSteps(`unit\t0\t9\n${name}\t1\t1\n`), { unit: report(5) })).toEqual({
    passed: 5,
    failed: 1,
  });
});

test('a test run that ends badly although every test passed is a failure', () => {
  expect(tally(parseSteps('unit\t1\t9\n'), { unit: report(5) })).toEqual({ passed: 5, failed: 1 });
});

test('a run that ends badly without a failed step is a failure', () => {
  expect(tally([], {}, 143)).toEqual({ passed: 0, failed: 1 });
});
