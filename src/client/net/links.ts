import type { Link } from './link';

/** Most bytes in flight per channel: more than a fast or long link holds. */
const WINDOW = 8 * 1_048_576;

/** The open connections of a pool: which of them takes the next job, and which ones go. */
export class Links extends Set<Link> {
  /** The one to give a job to; undefined if none has room. */
  freest(isUrgent: boolean): Link | undefined {
    let best: Link | undefined;
    for (const link of this) {
      const { channel, inFlight, isLeaving } = link;
      if (!channel.hasRoom || inFlight >= WINDOW || isLeaving || (channel.isRetired && !isUrgent)) continue;
      if (!best || link.inFlight < best.inFlight) best = link;
    }
    return best;
  }

  /** One to the server at `address`, however much is in flight on it. */
  to(address: string): Link | undefined {
    const isFit = ({ channel }: Link) =>
      channel.address === address && channel.hasRoom && channel.hello && !channel.isRetired;
    return [...this].find(isFit);
  }

  /** Whether the server answers on some connection. Accepting one proves nothing: a relay does that too. */
  get doesAnyWork(): boolean {
    return [...this].some(({ channel }) => channel.hello !== undefined);
  }

  get isAnyRetired(): boolean {
    return [...this].some(({ channel }) => channel.isRetired);
  }

  /** The server at `address` is shutting down. */
  retire(address: string): void {
    for (const { channel } of this) if (channel.address === address && !channel.isRetired) channel.retire();
  }

  /** At most `most` of those to the server at `address` get no more work, and are closed. */
  leave(address: string, most = Infinity): void {
    const leaving = [...this].filter(({ channel }) => channel.address === address).slice(0, most);
    for (const link of leaving) {
      link.isLeaving = true;
      link.closeIfLeft();
    }
  }
}
