import { readFileSync } from 'node:fs';

const EVERY_MS = 20;

/** Watches the anonymous resident memory of a process, or what `memoryOf` says, and keeps the peak. */
export class MemoryWatch {
  readonly #look: () => void;
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(pid: number, memoryOf = anonymousMemory, everyMs = EVERY_MS) {
    this.#look = () => (this.#peak = Math.max(this.#peak, memoryOf(pid)));
    this.#timer = setInterval(this.#look, everyMs).unref();
    this.#look();
  }

  /** The peak in bytes. */
  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return this.#peak;
  }
}

/** Bytes; 0 for a process that has exited. */
export function anonymousMemory(pid: number): number {
  try {
    const [, kib] = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}
