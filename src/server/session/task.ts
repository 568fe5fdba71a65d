import { ProtocolError } from '../../errors';
import {
  encode,
  MessageType,
  parseDigests,
  parseGet,
  parseJson,
  parseStat,
  parseWatch,
  type GetRequest,
  type MessageTypeName,
} from '../../protocol';
import type { Exchange } from '../exchange/exchange';
import { fetch } from '../handlers/fetch';
import { get } from '../handlers/get';
import { digests, list, stat } from '../handlers/queries';
import { watch } from '../handlers/watch';

/**
 * How a request is answered. Deliveries run one after the other. Control requests run beside them, a few at a time. Lists
 * run one after the other. What costs nothing is answered immediately. A watch waits, however long, for something to change.
 */
export interface Task {
  readonly lane: 'delivery' | 'control' | 'list' | 'quick' | 'watch';
  /** What it is about, for the log. */
  readonly subject?: string | undefined;
  /** The image that it is about, if it is about one. */
  readonly image?: string | undefined;
  /** For a part of an image: whether it is the first one, or others of the same version came before. */
  readonly part?: 'first' | 'later' | undefined;
  /** The final reply, unless it has already been written. */
  run(exchange: Exchange): Promise<Buffer | void>;
}

/** The task for a frame. Throws BAD_MESSAGE. */
export function taskFor(type: number, payload: Buffer): Task {
  switch (type) {
    case MessageType.GET: {
      const message = parseGet(parseJson(payload));
      return aboutImage('delivery', message, (exchange) => get(exchange, message), partOf(message));
    }
    case MessageType.STAT: {
      const message = parseStat(parseJson(payload));
      return aboutImage('control', message, (exchange) => stat(exchange, message));
    }
    case MessageType.LIST: {
      // It stays in bytes while it waits: parsed it could be many times as large.
      const asked = Buffer.from(payload);
      return { lane: 'list', run: (exchange) => list(exchange, asked) };
    }
    case MessageType.DIGESTS: {
      const message = parseDigests(parseJson(payload));
      return aboutImage('control', message, (exchange) => digests(exchange, message));
    }
    case MessageType.FETCH: {
      const asked = Buffer.from(payload);
      return { lane: 'delivery', run: (exchange) => fetch(exchange, asked) };
    }
    case MessageType.WATCH: {
      const message = parseWatch(parseJson(payload));
      return { lane: 'watch', run: (exchange) => watch(exchange, message) };
    }
    case MessageType.PING:
      return pong(Buffer.from(payload));
    default:
      return refusalTask(
        new ProtocolError('UNSUPPORTED', `This server does not know messages of ${kindOf(type)}.`),
      );
  }
}

function aboutImage(
  lane: Task['lane'],
  { name }: { readonly name: string },
  run: Task['run'],
  part?: Task['part'],
): Task {
  return { lane, subject: name, image: name, part, run };
}

function partOf({ offset, length, version }: GetRequest): Task['part'] {
  if (version !== undefined && (offset ?? 0) > 0) return 'later';
  return length === undefined ? undefined : 'first';
}

function pong(payload: Buffer): Task {
  return {
    lane: 'quick',
    run: async ({ context, request }) => {
      await context.catalog.ready();
      return encode.pong(request.id, payload);
    },
  };
}

/** A task that only answers with `error`. */
export function refusalTask(error: unknown): Task {
  return { lane: 'quick', run: () => Promise.reject(error) };
}

const NAMES = new Map<number, string>(
  (Object.entries(MessageType) as [MessageTypeName, number][]).map(([name, type]) => [type, name]),
);

/** Name of a message's type, for people. */
export function kindOf(type: number): string {
  return NAMES.get(type) ?? `type 0x${type.toString(16).padStart(2, '0')}`;
}
