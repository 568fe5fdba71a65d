import { channelReceiver } from './channel-receiver';
import { conversations, type Side } from './conversations';
import { collectedBytes } from '../process/collected';
import { mutate } from './mutate';
import { Random } from './random';
import type { Receiver } from './receiver';
import { sessionReceiver } from './session-receiver';

const RECEIVERS: Record<Side, Receiver> = { client: sessionReceiver, server: channelReceiver };
/** Simultaneous conversations. */
const BATCH = 50;
/** Most faults reported in full. */
const MOST_TOLD = 5;

export interface FuzzResult {
  readonly conversations: number;
  /** Conversations that ended wrongly, with the bytes that caused it. */
  readonly wrong: readonly string[];
  /** Growth of this process's memory after the first quarter, in bytes. */
  readonly growth: number;
}

/** Feeds `count` corrupted conversations of side `from` to the real receiver of the other side, without a network. */
export async function fuzzInProcess(from: Side, count: number, seed: number): Promise<FuzzResult> {
  const random = new Random(seed);
  const valid = conversations(from, seed);
  const frames = valid.flat();
  const wrong: string[] = [];
  let before = 0;
  const one = async () => {
    const stream = Buffer.concat(mutate(random.pick(valid), frames, random));
    const fault = await RECEIVERS[from](pieces(stream, random));
    if (fault !== undefined && wrong.length < MOST_TOLD) wrong.push(`${fault}\n${stream.toString('hex')}`);
  };
  const batches = Math.ceil(count / BATCH);
  for (let done = 0; done < batches; done++) {
    if (done === Math.floor(batches / 4)) before = await collectedBytes();
    await Promise.all(Array.from({ length: BATCH }, one));
  }
  return { conversations: batches * BATCH, wrong, growth: (await collectedBytes()) - before };
}

/** Whole, or in pieces of any size: most bugs are where two pieces meet. */
function pieces(stream: Buffer, random: Random): Buffer[] {
  if (random.oneIn(2)) return [stream];
  const cut: Buffer[] = [];
  for (let at = 0; at < stream.length; at += cut.at(-1)!.length) {
    cut.push(stream.subarray(at, at + 1 + random.below(random.oneIn(4) ? 4 : 400)));
  }
  return cut;
}
