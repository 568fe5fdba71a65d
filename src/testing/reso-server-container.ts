import { resolve } from 'node:path';
import { CONTAINER_PORT, StartedResoServerContainer } from './started-reso-server-container';
import { GenericContainer, Wait } from './testcontainers';

/** A mount as the engine wants it told. */
interface Mount {
  readonly Type: 'bind' | 'volume';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
}

/** Nanoseconds between two looks of the engine at the server's health; the image's own 5 seconds are long for a test. */
const HEALTH_INTERVAL = 1_000_000_000;
/** Milliseconds within which the server has to be healthy. */
const STARTUP_TIMEOUT = 60_000;

/**
 * A reso server in a container, for Testcontainers. It is ready when the image's own HEALTHCHECK finds it so. The
 * constructor throws USAGE where the package testcontainers is missing.
 */
export class ResoServerContainer extends GenericContainer {
  /** `image`: one that was built from reso's Dockerfile.server. */
  constructor(image: string) {
    super(image);
    // Without a test of its own, the engine takes the image's.
    this.createOpts.Healthcheck = { Interval: HEALTH_INTERVAL };
    this.withExposedPorts(CONTAINER_PORT)
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(STARTUP_TIMEOUT);
  }

  /**
   * The folder of images to be served, on the machine where the engine runs; read-only in the container, whose user
   * has the id 1000 and must be able to read it. What changes in it is served so at once. `start` fails if it is missing.
   */
  withImages(folder: string): this {
    return this.#withMount({ Type: 'bind', Source: resolve(folder), Target: '/images', ReadOnly: true });
  }

  /** A volume for what the server remembers between runs, by its name; without one, a volume that goes with the container. */
  withState(volume = ''): this {
    return this.#withMount({ Type: 'volume', Source: volume, Target: '/state' });
  }

  override async start(): Promise<StartedResoServerContainer> {
    return new StartedResoServerContainer(await super.start());
  }

  // Not `withBindMounts`, each call of which replaces all mounts of the one before.
  #withMount(mount: Mount): this {
    const others = (this.hostConfig.Mounts ?? []).filter(({ Target }) => Target !== mount.Target);
    this.hostConfig.Mounts = [...others, mount];
    return this;
  }
}
