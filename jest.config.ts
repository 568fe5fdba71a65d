import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
} satisfies Config;

const config: Config = {
  // A third of the time of unit tests is waiting.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,scripts,docker,bench,proof}/**/*.test.ts'],
      // Far beyond what any takes: a machine that is busy with something else must not fail them.
      setupFilesAfterEnv: ['<rootDir>/scripts/test-patience.ts'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/integration-tests/**/*.test.ts'],
      globalSetup: '<rootDir>/integration-tests/support/global-setup.ts',
      globalTeardown: '<rootDir>/integration-tests/support/global-teardown.ts',
      setupFilesAfterEnv: ['<rootDir>/integration-tests/support/patience.ts'],
    },
  ],
};

export default config;
