import { AbstractStartedContainer } from './testcontainers';

/** TCP port at which the image's server listens in its container. */
export const CONTAINER_PORT = 5005;

/** A server that runs in a container. */
export class StartedResoServerContainer extends AbstractStartedContainer {
  /** The port of `getHost()` at which the server is reached. */
  getPort(): number {
    return this.getMappedPort(CONTAINER_PORT);
  }

  /** `HOST:PORT`, as `reso --server` takes it. */
  getAddress(): string {
    const host = this.getHost();
    return `${host.includes(':') ? `[${host}]` : host}:${this.getPort()}`;
  }
}
