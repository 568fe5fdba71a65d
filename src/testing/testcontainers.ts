import { UsageError } from '../errors';
// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- it ends up in the declarations, which must compile without the package
/** @ts-ignore */
import type * as Testcontainers from 'testcontainers';

type Needed = Pick<typeof Testcontainers, 'AbstractStartedContainer' | 'GenericContainer' | 'Wait'>;

/** What the container module needs from Testcontainers, which only its users install. */
export const { AbstractStartedContainer, GenericContainer, Wait }: Needed = load();

function load(): Needed {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import could not be caught
    return require('testcontainers') as Needed;
  } catch (error) {
    return standIns(error);
  }
}

/** Placeholder classes that can be extended and throw a helpful error when used. */
function standIns(cause: unknown): Needed {
  class Missing {
    constructor() {
      const what = 'ResoServerContainer needs the package testcontainers';
      throw new UsageError(`${what}: npm install --save-dev testcontainers`, { cause });
    }
  }
  return { AbstractStartedContainer: Missing, GenericContainer: Missing, Wait: Missing } as unknown as Needed;
}
