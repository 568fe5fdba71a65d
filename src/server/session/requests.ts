import type { Grant } from '../../access';
import { describeCause } from '../../errors';
import { encode } from '../../protocol';
import { cancelled, errorReply, forbidden, wireCode } from '../exchange/errors';
import type { Exchange, ServerContext } from '../exchange/exchange';
import type { Outlet } from '../exchange/outlet';
import { Request } from '../exchange/request';
import { Turns } from '../exchange/turns';
import { OutstandingRequests } from './outstanding';
import { kindOf, refusalTask, taskFor, type Task } from './task';
import { WorkQueue } from './work-queue';

/** Control requests of one connection handled at the same time. */
const MAX_CONTROLS = 4;
/** Deliveries of one connection prepared or sent at the same time. */
const MAX_DELIVERIES = 3;

/** Health checks send a PING every few seconds, and followers a WATCH after each change. */
const OFTEN: ReadonlySet<string> = new Set(['PING', 'WATCH']);

/** An incoming request. */
export interface RequestFrame {
  readonly type: number;
  readonly id: number;
  readonly payload: Buffer;
  /** The error to answer with, unless the request continues an image that was started. */
  readonly refused: Error | undefined;
}

/** The client's address. */
export interface Peer {
  /** With the port, for the log. */
  readonly address: string;
  readonly host: string;
  /** What it may read now. Throws UNAUTHORIZED and closes the connection. */
  admit(): Grant;
}

/** The requests of one connection. Each one gets exactly one final reply. */
export class Requests {
  readonly #context: ServerContext;
  readonly #outlet: Outlet;
  readonly #peer: Peer;
  readonly #onReply: () => void;
  readonly #outstanding: OutstandingRequests;
  readonly #turns: Turns;
  readonly #lanes: Readonly<Record<Task['lane'], WorkQueue>>;
  readonly #watches = new Set<Request>();
  #hasSentParts = false;
  #refusal: Error | undefined;

  /** `onReply` is called after each final reply. */
  constructor(context: ServerContext, outlet: Outlet, peer: Peer, onReply: () => void) {
    this.#context = context;
    this.#outlet = outlet;
    this.#peer = peer;
    this.#onReply = onReply;
    this.#turns = new Turns(outlet);
    this.#outstanding = new OutstandingRequests(context.limits.outstanding);
    this.#lanes = {
      delivery: new WorkQueue(outlet, MAX_DELIVERIES),
      control: new WorkQueue(outlet, MAX_CONTROLS),
      list: new WorkQueue(outlet, 1),
      quick: new WorkQueue(outlet, Infinity),
      watch: new WorkQueue(outlet, Infinity),
    };
  }

  get count(): number {
    return this.#outstanding.size;
  }

  has(id: number): boolean {
    return this.#outstanding.has(id);
  }

  hasRoomFor(payloadBytes: number): boolean {
    return this.#outstanding.hasRoomFor(payloadBytes);
  }

  accept({ type, id, payload, refused }: RequestFrame): void {
    const grant = this.#peer.admit();
    const request = new Request(id, kindOf(type), payload.length, grant);
    const asked = taskOrRefusal(type, payload, grant);
    const isRefused = refused !== undefined && asked.part !== 'later';
    const task = isRefused ? { ...refusalTask(refused), subject: asked.subject } : asked;
    request.subject = task.subject;
    request.part = task.part;
    request.image = asked.image;
    this.#outstanding.add(request);
    if (task.lane === 'delivery') this.#turns.enter(request);
    if (task.lane === 'watch') this.#watches.add(request);
    this.#lanes[task.lane].add(request, () => this.#perform(request, task));
  }

  get #queues(): WorkQueue[] {
    return Object.values(this.#lanes);
  }

  cancel(id: number): void {
    const request = this.#outstanding.get(id);
    if (!request) return;
    request.cancel();
    if (this.#queues.some((queue) => queue.remove(request))) this.#fail(request, cancelled());
  }

  /** Sends WORKING if something is in progress. */
  sayWorking(): void {
    const { oldest } = this.#outstanding;
    if (oldest) this.#outlet.write([encode.working(oldest.id, { done: 0, total: 0 })]);
  }

  /** Whether the client is getting images in parts and may request more of them. */
  get isInParts(): boolean {
    return this.#outstanding.some(({ part }) => part !== undefined) || this.isBetweenParts;
  }

  /** Whether the client got parts on this connection and will request more. */
  get isBetweenParts(): boolean {
    return this.#hasSentParts && this.#context.unfinished.has(this.#peer.host);
  }

  /** Answers everything that was not started, and watches, with `error`, except for later parts of an image. */
  refuseWaiting(error: Error): void {
    this.#refusal = error;
    const isRefused = ({ part }: Request) => part !== 'later';
    const refused = this.#queues.flatMap((queue) => queue.removeAll(isRefused));
    for (const request of refused) this.#fail(request, error);
    // There may be nothing to tell them for days.
    for (const request of this.#watches) {
      this.#fail(request, error);
      request.cancel();
    }
  }

  /** The connection is closed: drops what was not started and cancels what is running. */
  abandon(): void {
    this.#queues.forEach((queue) => queue.removeAll());
    this.#outstanding.cancelAll();
  }

  async #perform(request: Request, task: Task): Promise<void> {
    try {
      const reply = await task.run(this.#exchange(request));
      this.#notePart(request);
      this.#reply(request, reply ? [reply] : [], 'OK');
    } catch (error) {
      this.#fail(request, error);
    }
  }

  #notePart({ delivered }: Request): void {
    if (!delivered) return;
    this.#hasSentParts = true;
    this.#context.unfinished.sent(this.#peer.host, delivered);
  }

  #exchange(request: Request): Exchange {
    return {
      ...{ context: this.#context, outlet: this.#outlet, turns: this.#turns, request },
      admit: () => this.#peer.admit(),
      refusal: () => this.#refusal,
      told: (image, outcome) => this.#told(request, image, outcome),
    };
  }

  #told(request: Request, name: string, outcome: string): void {
    request.images++;
    const fields = { request: request.kind, name, peer: this.#peer.address, outcome };
    if (outcome === 'OK') return this.#context.log.debug('image', fields);
    request.failed++;
    this.#context.log.info('image', fields);
  }

  #fail(request: Request, error: unknown): void {
    const code = wireCode(error);
    if (code === 'INTERNAL')
      this.#context.log.error('internal error', { request: request.kind, reason: stackOf(error) });
    this.#reply(request, [encode.error(request.id, { ...errorReply(error), name: request.image })], code);
  }

  #reply(request: Request, reply: readonly Buffer[], outcome: string): void {
    if (!this.#outstanding.remove(request)) return;
    this.#watches.delete(request);
    this.#turns.leave(request);
    if (reply.length > 0) this.#outlet.gather(reply);
    this.#log(request, this.#outlet.isOpen ? outcome : 'DISCONNECTED');
    this.#onReply();
  }

  #log(request: Request, outcome: string): void {
    const level = OFTEN.has(request.kind) && outcome === 'OK' ? 'debug' : 'info';
    this.#context.log[level]('request', {
      request: request.kind,
      name: request.subject,
      images: request.images || undefined,
      failed: request.failed || undefined,
      bytes: request.sentBytes,
      ms: Math.round(performance.now() - request.arrived),
      peer: this.#peer.address,
      client: request.grant.name,
      outcome,
    });
  }
}

/** The one place that decides whether a client may access an image. */
function taskOrRefusal(type: number, payload: Buffer, grant: Grant): Task {
  try {
    const task = taskFor(type, payload);
    const isAllowed = task.image === undefined || (grant.mayRead?.(task.image) ?? true);
    return isAllowed
      ? task
      : { ...refusalTask(forbidden(task.image)), subject: task.subject, image: task.image };
  } catch (error) {
    return refusalTask(error);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : describeCause(error);
}
