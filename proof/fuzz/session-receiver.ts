import { Gatekeeper } from '../../src/access';
import type { GenerationQuery } from '../../src/catalog';
import { ProtocolError } from '../../src/errors';
import { DEFAULT_BLOCK_SIZE, DEFAULT_LIMITS, MAX_PAGE } from '../../src/protocol';
import { arrivalOf } from '../../src/server/session/arrival';
import { BufferPool, PackBuffers } from '../../src/connection';
import type { ServerContext } from '../../src/server/exchange/exchange';
import { DEFAULT_TIMEOUTS } from '../../src/server/options';
import { Session } from '../../src/server/session/session';
import { UnfinishedImages } from '../../src/server/exchange/unfinished-images';
import { silentLog } from '../../src/telemetry';
import { settled, type Receiver } from './receiver';
import { stubSocket } from './stub-socket';

/** The server's session, on an empty catalog. */
export const sessionReceiver: Receiver = async (pieces) => {
  const socket = stubSocket();
  let wrong: string | undefined;
  const note = (message: string, fields?: object) => {
    wrong ??= JSON.stringify({ message, ...fields });
  };
  const session = new Session(emptyContext(note), socket, arrivalOf(socket));
  for (const piece of pieces) socket.emit('data', piece);
  await settled();
  socket.destroy();
  await session.gone;
  return wrong;
};

function untilCancelled({ signal }: GenerationQuery): Promise<string> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () =>
      reject(new ProtocolError('CANCELLED', 'The request was cancelled.')),
    );
  });
}

/** One for all sessions, as in a server: buffers are kept for a moment. */
const PACKS = new PackBuffers(DEFAULT_LIMITS.pack);

function emptyContext(note: (message: string, fields?: object) => void): ServerContext {
  const nothing = () =>
    Promise.reject(new ProtocolError('NOT_FOUND', 'The server has no image of this name.'));
  const catalog = {
    open: nothing,
    stat: nothing,
    list: nothing,
    nextGeneration: untilCancelled,
    readsAtOnce: true,
    readAtOnce: () => undefined,
    digests: nothing,
    rememberDigest: () => undefined,
    ready: () => Promise.resolve(),
  };
  const onInternal = (message: string, fields?: { code?: unknown }) => {
    if (fields?.code === 'INTERNAL') note(message, fields);
  };
  return {
    catalog: catalog as unknown as ServerContext['catalog'],
    gatekeeper: new Gatekeeper(),
    limits: DEFAULT_LIMITS,
    maxPage: MAX_PAGE,
    timeouts: DEFAULT_TIMEOUTS,
    blockSize: DEFAULT_BLOCK_SIZE,
    buffers: new BufferPool(),
    packs: PACKS,
    unfinished: new UnfinishedImages(),
    agent: undefined,
    log: { ...silentLog, warn: onInternal, error: note },
  };
}
