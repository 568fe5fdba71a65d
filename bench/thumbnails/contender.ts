/** Where the images are, and where each contender may put what it needs. */
export interface Scene {
  readonly folder: string;
  readonly names: readonly string[];
  readonly reso: string;
  /** A new, empty folder. */
  scratch(): string;
}

export interface Measured {
  readonly seconds: number;
  /** Processor time of all its processes, seconds. */
  readonly processor: number;
  readonly bytes?: number;
  /** The largest memory of all its processes, bytes. */
  readonly memory?: number;
}

export interface Contender {
  readonly name: string;
  /** Programs, and modules of nginx by their path, that must be installed. */
  readonly needs: readonly string[];
  /** Fetches what else it needs. If it throws, the contender does not take part. */
  prepare?(scene: Scene): void;
  run(scene: Scene): Promise<Measured>;
}

export const WIDTH = 320;
/** Milliseconds between two looks at the memory: more of them would slow down what is timed, by a tenth at 100 ms. */
export const LOOK_EVERY = 1000;

export async function timed(
  work: () => Promise<number | void>,
  processorTime: () => number,
): Promise<Measured> {
  const [began, before] = [performance.now(), processorTime()];
  const bytes = await work();
  const seconds = (performance.now() - began) / 1000;
  return { seconds, processor: processorTime() - before, bytes: bytes ?? undefined };
}
