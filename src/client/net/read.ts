import { createHash } from 'node:crypto';
import { release } from '../../connection';
import { ResoError } from '../../errors';
import type { Delivery, End, GetRequest } from '../../protocol';
import type { Flight } from './link';
import { Inbox } from './inbox';

/**
 * Asks for bytes of an image, at once; resolves when they begin to come. They are to be iterated: what nobody takes
 * slows the connection down.
 */
export function openDelivery(
  { channel, arrived }: Pick<Flight, 'channel' | 'arrived'>,
  request: GetRequest,
): Promise<AsyncGenerator<Buffer, void, undefined>> {
  return new Promise((resolve, reject) => {
    const inbox = new Inbox(channel);
    const { ended, cancel } = channel.get(request, {
      begin: (delivery) => resolve(take(inbox, request.name, delivery, ended, cancel)),
      data: (bytes) => {
        arrived(bytes.length);
        inbox.put(bytes);
      },
    });
    ended.then(
      () => inbox.end(),
      (error: unknown) => {
        inbox.end();
        reject(error as ResoError);
      },
    );
  });
}

async function* take(
  inbox: Inbox,
  image: string,
  delivery: Delivery,
  ended: Promise<End>,
  cancel: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  try {
    for (let bytes = await inbox.take(); bytes; bytes = await inbox.take()) {
      hash.update(bytes);
      yield own(bytes);
    }
  } finally {
    inbox.close();
    cancel();
  }
  const end = await ended;
  if (delivery.length === delivery.size) verify(image, end.sha256 ?? delivery.sha256, hash.digest('hex'));
}

/** A copy: what others do with its memory, such as handing it to another thread, must not touch the connection's. */
function own(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  release(bytes);
  return copy;
}

function verify(image: string, expected: string | undefined, actual: string): void {
  if (expected === actual) return;
  throw new ResoError(
    'DIGEST_MISMATCH',
    `What came is damaged: its SHA-256 is ${actual}, the server's is ${expected ?? 'not told'}.`,
    {
      image,
    },
  );
}
