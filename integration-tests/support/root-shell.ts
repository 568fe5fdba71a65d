import type { StartedTestContainer } from 'testcontainers';
import { GenericContainer } from 'testcontainers';
import { imageTag, RUN_LABEL, testRun } from './test-run';
import { WithoutWaiting } from './without-waiting';

/** Runs shell scripts as root on a folder or volume, so that whoever runs the tests need not be root. */
export class RootShell implements AsyncDisposable {
  readonly #container: StartedTestContainer;

  private constructor(container: StartedTestContainer) {
    this.#container = container;
  }

  /** `source`: folder on this machine, or volume; the scripts run in it. */
  static async in(source: string): Promise<RootShell> {
    const container = await new GenericContainer(imageTag('client'))
      .withLabels({ [RUN_LABEL]: testRun().id })
      .withEntrypoint(['sleep', 'infinity'])
      .withBindMounts([{ source, target: '/folder' }])
      .withWorkingDir('/folder')
      .withWaitStrategy(new WithoutWaiting())
      .start();
    return new RootShell(container);
  }

  /** Resolves to what the script printed, without the last line's end. */
  async run(script: string): Promise<string> {
    const { exitCode, output } = await this.#container.exec(['sh', '-c', script]);
    if (exitCode !== 0) throw new Error(`${script}: exit code ${exitCode}, ${output}`);
    return output.replace(/\n$/, '');
  }

  /** Removes what may belong to somebody else, then itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.run('find . -mindepth 1 -delete');
    } finally {
      await this.#container.stop();
    }
  }
}
