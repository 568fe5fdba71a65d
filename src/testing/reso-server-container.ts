import { resolve } from 'node:path';
import { CONTAINER_PORT, StartedResoServerContainer } from './started-reso-server-container';
import { GenericContainer, Wait } from './testcontainers';

/** A mount in the format of the Docker API. */
interface Mount {
  readonly Type: 'bind' | 'volume';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
}

/** Nanoseconds between two health checks; the image's own 5 seconds are long for a test. */
const HEALTH_INTERVAL = 1_000_000_000;
/** Milliseconds within which the server must be healthy. */
const STARTUP_TIMEOUT = 60_000;

/**
 * A reso server in a container, for Testcontainers. It is ready when the image's HEALTHCHECK succeeds. The constructor
 * throws USAGE if the package testcontainers is missing.
 */
export class ResoServerContainer extends GenericContainer {
  /** `image`: an image built from reso's Dockerfile.server. */
  constructor(image: string) {
    super(image);
    // Without its own test, the engine uses the image's.
    this.createOpts.Healthcheck = { Interval: HEALTH_INTERVAL, StartPeriod: STARTUP_TIMEOUT * 1e6 };
    this.withExposedPorts(CONTAINER_PORT)
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(STARTUP_TIMEOUT);
  }

  /**
   * The folder of images to serve, on the machine where the engine runs; read-only in the container, whose user has the id
   * 1000 and must be able to read it. Changes in it are served at once. `start` fails if it is missing.
   */
  withImages(folder: string): this {
    return this.#withMount({ Type: 'bind', Source: resolve(folder), Target: '/images', ReadOnly: true });
  }

  /** The name of a volume for what the server remembers between runs; without it, a volume that is removed with the container. */
  withState(volume = ''): this {
    return this.#withMount({ Type: 'volume', Source: volume, Target: '/state' });
  }

  /** The same for thumbnails. Without it none are kept where the container's root is read-only. */
  withCache(volume = ''): this {
    return this.#withMount({ Type: 'volume', Source: volume, Target: '/cache' });
  }

  override async start(): Promise<StartedResoServerContainer> {
    return new StartedResoServerContainer(await super.start());
  }

  // Not `withBindMounts`: each call replaces the mounts of the previous one.
  #withMount(mount: Mount): this {
    const others = (this.hostConfig.Mounts ?? []).filter(({ Target }) => Target !== mount.Target);
    this.hostConfig.Mounts = [...others, mount];
    return this;
  }
}
