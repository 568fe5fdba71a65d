import { Agent, request } from 'node:http';
import type { Endpoint } from '../load/endpoint';

export interface WebAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** Milliseconds. */
  readonly took: number;
}

/** A program that asks over HTTP. */
export class WebClient {
  readonly #endpoint: Endpoint;
  readonly #agent: Agent;

  constructor(endpoint: Endpoint, connections: number) {
    this.#endpoint = endpoint;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path: string): Promise<WebAnswer> {
    const { host, port } = this.#endpoint;
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request({ host, port, path, agent: this.#agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts),
            took: performance.now() - begun,
          }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
