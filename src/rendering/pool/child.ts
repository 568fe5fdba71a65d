import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { describeCause } from '../../errors';
import { isLarge } from '../part';
import { encodeFrame, type Frame, FrameReader } from '../wire/frames';
import {
  type Answer,
  type Loaders,
  type Message,
  type Order,
  readMessage,
  type Task,
  type Versions,
} from '../wire/messages';

export interface ChildOptions {
  /** Path of the child's program. */
  readonly program: string;
  /** Path of sharp. */
  readonly sharp: string;
  readonly loaders: Loaders;
  /** A `/proc` link to a file that this process has open: a child that can't follow it can't open images either. */
  readonly probe: string;
  /** Time limit for one order, in milliseconds; very large images may take longer. */
  readonly patience: number;
}

/** The answer to an order, with the bytes of a rendition. */
export interface Reply {
  readonly answer: Answer;
  readonly bytes: Buffer;
}

/** The child ended before it answered. */
export class ChildGone extends Error {
  /** How the child failed, if it was working on this order; otherwise undefined. */
  readonly fault: 'crashed' | 'hung' | undefined;

  constructor(message: string, fault: 'crashed' | 'hung' | undefined) {
    super(message);
    this.fault = fault;
  }
}

interface Pending {
  readonly order: Order;
  readonly patience: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: ChildGone) => void;
}

/** The child inherits no variables: no secrets, no settings. It decodes on one thread. */
const ENVIRONMENT = { UV_THREADPOOL_SIZE: '1', MALLOC_ARENA_MAX: '2' };
/** JavaScript handles only headers; pixels are outside this heap. */
const NODE_OPTIONS = ['--no-warnings', '--max-old-space-size=64', '--v8-pool-size=1'];

/** Only the header is read: starting a process after 500 of these would take longer than the work. */
const WEAR_OF_FACTS = 0.05;

/** Time limit for the start, in milliseconds, generous for a busy machine. */
const START_PATIENCE = 20_000;

/** How many times the usual limit decoding all of a very large image may take: a minute, where that is ten seconds. */
const LONG = 6;

function isLong(task: Task): boolean {
  return task.kind === 'pyramid' || (task.kind === 'part' && !task.pyramid && isLarge(task.part));
}

/** A process that decodes images, one order at a time. */
export class Child {
  readonly loaders: Loaders;
  /** Rejects if the process ends before it is ready. */
  readonly ready: Promise<Versions>;
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
  /** How worn it is: 1 for each image decoded, less for facts. Memory it used at the last order, in bytes. */
  wear = 0;
  memory = 0;
  readonly #patience: number;
  readonly #process: ChildProcess;
  readonly #pending: Pending[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  #fault: 'crashed' | 'hung' = 'crashed';
  #reason: string | undefined;
  #becomeReady!: (versions: Versions) => void;
  #neverReady!: (error: ChildGone) => void;

  constructor({ program, sharp, loaders, probe, patience }: ChildOptions) {
    this.loaders = loaders;
    this.#patience = patience;
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve;
      this.#neverReady = reject;
    });
    this.ready.catch(() => undefined);
    this.#process = spawn(process.execPath, [...NODE_OPTIONS, program, sharp, loaders, probe], {
      env: ENVIRONMENT,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    this.gone = new Promise((resolve) => this.#watch(resolve));
    this.#startTimer(START_PATIENCE);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Call this only while the child is ready. Rejects with ChildGone. */
  carryOut(order: Order): Promise<Reply> {
    const patience = this.#patience * (isLong(order.task) ? LONG : 1);
    return new Promise((resolve, reject) => {
      this.#pending.push({ order, patience, resolve, reject });
      for (const part of encodeFrame(order)) this.#process.stdin!.write(part);
      if (this.#pending.length === 1) this.#startTimer(patience);
    });
  }

  /** Kills it at once: a child has nothing to clean up. */
  kill(reason = 'it was ended'): void {
    this.#reason ??= reason;
    this.#isReady = false;
    this.#process.kill('SIGKILL');
  }

  #watch(onGone: () => void): void {
    const end = (how: string) => {
      this.#end(this.#reason ?? how);
      onGone();
    };
    this.#process.on('error', (error) => {
      if (this.#process.pid === undefined) end(describeCause(error));
    });
    this.#process.on('close', (code, signal) => end(signal ?? `exit code ${code}`));
    // Orders that it no longer reads are rejected when it ends.
    this.#process.stdin?.on('error', () => undefined);
    const reader = new FrameReader((frame) => this.#heard(frame));
    const answers = this.#process.stdio[3] as Readable | null | undefined;
    answers?.on('error', () => undefined).on('data', (piece: Buffer) => this.#read(reader, piece));
  }

  /** A child that sends invalid messages may be controlled by an image, and is killed. */
  #read(reader: FrameReader, piece: Buffer): void {
    if (this.#process.killed) return;
    try {
      reader.push(piece);
    } catch (error) {
      this.kill((error as Error).message);
    }
  }

  #heard({ head, bytes }: Frame): void {
    const message = readMessage(head);
    if (message.kind === 'answer') return this.#answer(message, bytes);
    clearTimeout(this.#timer);
    if (message.kind === 'broken') return this.kill(message.message);
    this.#isReady = true;
    this.#becomeReady(message.versions);
  }

  #answer({ id, answer, memory }: Extract<Message, { kind: 'answer' }>, bytes: Buffer): void {
    const [first] = this.#pending;
    if (first?.order.id !== id) throw new Error('A child answered out of order.');
    this.#pending.shift();
    clearTimeout(this.#timer);
    const [next] = this.#pending;
    if (next) this.#startTimer(next.patience);
    this.wear += first.order.task.kind === 'facts' ? WEAR_OF_FACTS : 1;
    this.memory = memory;
    first.resolve({ answer, bytes });
  }

  #startTimer(patience: number): void {
    this.#timer = setTimeout(() => {
      this.#fault = 'hung';
      this.kill(`no answer within ${patience / 1000} s`);
    }, patience);
  }

  #end(reason: string): void {
    clearTimeout(this.#timer);
    this.#isReady = false;
    this.#neverReady(new ChildGone(reason, undefined));
    for (const [i, { reject }] of this.#pending.splice(0).entries())
      reject(new ChildGone(reason, i === 0 ? this.#fault : undefined));
  }
}
