import { UsageError } from '../errors';
import type { ConnectionFaults, Faults } from './faults';

/** Most bytes that a fault may keep in memory. */
const MOST_HELD = 16 * 1_048_576;

/** Throws USAGE for an invalid fault. */
export function checkFaults({ fromServer = {}, fromClient = {} }: ConnectionFaults): void {
  for (const faults of [fromServer, fromClient]) {
    checkNumbers(faults);
    checkReplay(faults);
  }
}

function checkNumbers({ cutAfter, stallAfter, flipAt, bytesPerSecond, split, coalesce }: Faults): void {
  for (const [name, value] of Object.entries({ cutAfter, stallAfter, flipAt })) checkWhole(name, value, 0);
  for (const [name, value] of Object.entries({ bytesPerSecond, split })) checkWhole(name, value, 1);
  checkWhole('coalesce', coalesce, 1, MOST_HELD);
}

function checkReplay({ replay }: Faults): void {
  if (replay === undefined) return;
  if ('frame' in replay) return checkWhole('replay.frame', replay.frame, 0);
  const { from, to, at } = replay;
  checkWhole('replay.from', from, 0);
  checkWhole('replay.to', to, from + 1, from + MOST_HELD);
  checkWhole('replay.at', at, to);
}

function checkWhole(name: string, value: number | undefined, least: number, most = Number.MAX_SAFE_INTEGER) {
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${name} must be a whole number of bytes from ${least} to ${most}, not ${value}.`);
}
