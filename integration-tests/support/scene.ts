import { Network, type StartedNetwork } from 'testcontainers';
import type { StartedResoServerContainer } from '../../src/testing';
import type { ClientSetting } from './client';
import { Scratch } from './scratch';
import { startServer } from './server';

/** What most tests need: a server on a network of its own, the folder that it serves, and room for outputs. */
export class Scene {
  #scratch: Scratch | undefined;
  #network: StartedNetwork | undefined;
  #server: StartedResoServerContainer | undefined;
  #images = '';
  #outputs = 0;

  /** The folder on this machine that the server serves. */
  get images(): string {
    return this.#images;
  }

  get network(): StartedNetwork {
    return this.#network!;
  }

  get server(): StartedResoServerContainer {
    return this.#server!;
  }

  /** A new empty folder of this machine. */
  output(): Promise<string> {
    return this.#scratch!.folder(`output-${++this.#outputs}`);
  }

  /** A new output folder, and what a client needs to write into it. */
  async client(): Promise<ClientSetting & { readonly output: string }> {
    return { network: this.network, output: await this.output() };
  }

  async set(): Promise<void> {
    this.#scratch = await Scratch.make();
    this.#images = await this.#scratch.folder('images');
    this.#network = await new Network().start();
    this.#server = await startServer({ network: this.network, images: this.images });
  }

  async strike(): Promise<void> {
    try {
      await this.#server?.stop();
      await this.#network?.stop();
    } finally {
      await this.#scratch?.[Symbol.asyncDispose]();
    }
  }
}

/** One scene for all tests of a file. */
export function useScene(): Scene {
  const scene = new Scene();
  beforeAll(() => scene.set());
  afterAll(() => scene.strike());
  return scene;
}
