import { randomBytes } from 'node:crypto';
import { GenericContainer } from 'testcontainers';
import { buildProgram } from './built-program';
import { copyRepository } from './checkout';
import { imageTag, publishTestRun, type Program, type TestRun } from './test-run';

/** Builds both images, from their Dockerfiles, and the command line, once for all test files. */
export default async function setUp(): Promise<void> {
  const [checkout, built] = [await copyRepository(), await buildProgram()];
  const run: TestRun = { id: randomBytes(4).toString('hex'), checkout, built };
  publishTestRun(run);
  for (const program of ['server', 'client'] as const) await build(program, run);
}

/** With BuildKit, the stages that both Dockerfiles share are built once, also for `docker compose build`. */
async function build(program: Program, run: TestRun): Promise<void> {
  await GenericContainer.fromDockerfile(run.checkout, `Dockerfile.${program}`)
    .withBuildkit()
    .withBuildArgs({ BASE_IMAGE: process.env.RESO_BASE_IMAGE || 'node:24-bookworm-slim' })
    .build(imageTag(program, run), { deleteOnExit: false });
}
