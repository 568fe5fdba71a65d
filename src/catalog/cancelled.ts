import { ProtocolError } from '../errors';

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

export function cancelled(): ProtocolError {
  return new ProtocolError('CANCELLED', 'The request was cancelled.');
}
