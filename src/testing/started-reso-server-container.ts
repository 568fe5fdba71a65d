import { AbstractStartedContainer } from './testcontainers';

/** TCP port on which the server listens in its container. */
export const CONTAINER_PORT = 5005;

/** A server running in a container. */
export class StartedResoServerContainer extends AbstractStartedContainer {
  /** The port on `getHost()` at which the server can be reached. */
  getPort(): number {
    return this.getMappedPort(CONTAINER_PORT);
  }

  /** `HOST:PORT`, for `reso --server`. */
  getAddress(): string {
    const host = this.getHost();
    return `${host.includes(':') ? `[${host}]` : host}:${this.getPort()}`;
  }
}
