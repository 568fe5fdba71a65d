import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { DataSet } from './data/data-set';
import type { Link } from './link/link';
import type { Certificate } from './services/certificate';
import type { Service } from './services/service';

export interface BedOptions {
  readonly data: DataSet;
  readonly link: Link;
  /** The program to measure. */
  readonly reso: string;
  /** If set, everything uses TLS 1.3. */
  readonly certificate?: Certificate | undefined;
  /** A new folder, removed at the end. */
  readonly folder: string;
  /** Time limit of one run. */
  readonly deadlineMs: number;
}

/** The environment shared by the tools of one workload: data, link and folder. */
export class Bed {
  readonly data: DataSet;
  readonly link: Link;
  readonly reso: string;
  readonly certificate: Certificate | undefined;
  readonly deadlineMs: number;
  readonly #folder: string;
  readonly #services = new Map<string, Promise<Service>>();
  readonly #done = new Map<string, Promise<unknown>>();

  constructor({ data, link, reso, certificate, folder, deadlineMs }: BedOptions) {
    this.data = data;
    this.link = link;
    this.reso = reso;
    this.certificate = certificate;
    this.deadlineMs = deadlineMs;
    this.#folder = folder;
    mkdirSync(folder);
  }

  scratch(name: string): string {
    return join(this.#folder, name);
  }

  /** A server that keeps running for all rounds, as in real use; started when it is first needed. */
  service(name: string, start: () => Promise<Service>): Promise<Service> {
    const service = this.#services.get(name) ?? start();
    this.#services.set(name, service);
    return service;
  }

  /** Prepares all runs of a tool. */
  async once(key: string, action: () => Promise<unknown>): Promise<void> {
    const done = this.#done.get(key) ?? action();
    this.#done.set(key, done);
    await done;
  }

  async close(): Promise<void> {
    const services = await Promise.allSettled(this.#services.values());
    await Promise.all(
      services.map(async (it) => it.status === 'fulfilled' && (await it.value.running.stop())),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
