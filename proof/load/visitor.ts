import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../src';
import type { Endpoint } from './endpoint';
import type { Gallery } from './gallery';

export interface Visits {
  readonly count: number;
  /** Visits in which every byte was correct. */
  readonly verified: number;
  /** Milliseconds of the slowest visit. */
  readonly slowest: number;
  /** Milliseconds of each visit. */
  readonly times: readonly number[];
}

/** A client that fetches an image again and again on a new connection, and verifies it. */
export class Visitor {
  readonly #endpoint: Endpoint;
  readonly #gallery: Gallery;
  readonly #name: string;
  readonly #folder: string;
  #isDone = false;
  readonly #ended: Promise<Visits>;

  /** `folder`: where the copies go, one after the other. */
  constructor(endpoint: Endpoint, gallery: Gallery, name: string, folder: string) {
    this.#endpoint = endpoint;
    this.#gallery = gallery;
    this.#name = name;
    this.#folder = folder;
    this.#ended = this.#visit();
  }

  /** Stops after the current visit. */
  leave(): Promise<Visits> {
    this.#isDone = true;
    return this.#ended;
  }

  async #visit(): Promise<Visits> {
    let verified = 0;
    const times: number[] = [];
    do {
      const begun = performance.now();
      const right = await fetchOne(this.#endpoint, this.#gallery, this.#name, this.#folder);
      times.push(performance.now() - begun);
      if (right) verified++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } while (!this.#isDone);
    return { count: times.length, verified, slowest: Math.max(...times), times };
  }
}

/** Whether an image could be fetched at the first attempt and is correct. */
export async function fetchOne(
  { host, port }: Endpoint,
  gallery: Gallery,
  name: string,
  folder: string,
): Promise<boolean> {
  const output = mkdtempSync(join(folder, 'visit-'));
  const client = connect({ host, port, retries: 0 });
  try {
    const { failed } = await client.download([name], { output });
    return failed === 0 && sha256Of(join(output, name)) === gallery.get(name);
  } finally {
    client.close();
    rmSync(output, { recursive: true, force: true });
  }
}

/** SHA-256 of a file, hexadecimal. */
export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
