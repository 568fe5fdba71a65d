import { Channel } from '../../src/client/net/channel';
import { ProtocolError, RemoteError } from '../../src/errors';
import {
  encode,
  MessageType,
  parseGeneration,
  parseImage,
  parseJson,
  parsePage,
  parseProof,
} from '../../src/protocol';
import { settled, type Receiver } from './receiver';
import { stubSocket } from './stub-socket';

type Note = (wrong: unknown) => void;

/** The client's channel, with an outstanding request of each kind. */
export const channelReceiver: Receiver = async (pieces) => {
  const socket = stubSocket();
  const wrong: unknown[] = [];
  const channel = new Channel(
    socket,
    { address: 'server', timeout: 1000, token: undefined, tls: undefined },
    () => undefined,
  );
  ask(channel, (what) => void wrong.push(what));
  for (const piece of pieces) socket.emit('data', piece);
  await settled();
  const { error } = channel;
  const cause = error?.cause ?? error;
  // A server may send INTERNAL itself.
  if (cause instanceof ProtocolError && cause.code === 'INTERNAL') wrong.push(cause.cause ?? cause);
  channel.close();
  await settled();
  return wrong.length > 0 ? stackOf(wrong[0]) : undefined;
};

function ask(channel: Channel, note: Note): void {
  const nothing = () => undefined;
  for (let i = 0; i < 3; i++) {
    channel.get({ name: 'a.jpg' }, { begin: nothing, data: nothing }).ended.catch(nothing);
    read(channel, note, MessageType.PAGE, (id) => encode.list(id, {}), parsePage);
    read(channel, note, MessageType.IMAGE, (id) => encode.stat(id, { name: 'a.jpg' }), parseImage);
    read(channel, note, MessageType.PROOF, (id) => encode.digests(id, { name: 'a.jpg' }), parseProof);
    read(channel, note, MessageType.GENERATION, (id) => encode.watch(id, { unless: 'g' }), parseGeneration);
  }
}

function read(
  channel: Channel,
  note: Note,
  type: number,
  frame: (id: number) => Buffer,
  parse: (fields: ReturnType<typeof parseJson>) => unknown,
): void {
  const check = (payload: Buffer) => {
    try {
      parse(parseJson(payload));
    } catch (error) {
      if (!(error instanceof ProtocolError)) note(error);
    }
  };
  channel
    .request(type, frame, (payload) => payload)
    .then(check, (error: unknown) => {
      if (!(error instanceof RemoteError) && !(error instanceof Error && 'code' in error)) note(error);
    });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
