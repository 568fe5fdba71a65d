import { randomBytes } from 'node:crypto';
import { engine } from './engine';
import { RUN_LABEL, testRun } from './test-run';

/** A volume that goes with the test. */
export class NamedVolume implements AsyncDisposable {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  static async make(): Promise<NamedVolume> {
    const { id } = testRun();
    const name = `reso-integration-${id}-${randomBytes(4).toString('hex')}`;
    await (await engine()).createVolume({ Name: name, Labels: { [RUN_LABEL]: id } });
    return new NamedVolume(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await engine()).getVolume(this.name).remove();
  }
}
