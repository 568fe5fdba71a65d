import { channelReceiver } from './channel-receiver';
import { conversations, type Side } from './conversations';
import { collectedBytes } from '../process/collected';
import { mutate } from './mutate';
import { Random } from './random';
import type { Receiver } from './receiver';
import { sessionReceiver } from './session-receiver';

const RECEIVERS: Record<Side, Receiver> = { client: sessionReceiver, server: channelReceiver };
/** Conversations at once. */
const BATCH = 50;
/** Faults that are told in full. */
const MOST_TOLD = 5;

export interface FuzzResult {
  readonly conversations: number;
  /** What did not end as it should, each with the bytes that led to it. */
  readonly wrong: readonly string[];
  /** Bytes by which the memory of this process grew after the first quarter. */
  readonly growth: number;
}

/** Hands `count` spoilt conversations of side `from` to the real receiver of the other side, without a network. */
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

/** Whole, or in pieces of any size: most faults sit where two pieces meet. */
function pieces(stream: Buffer, random: Random): Buffer[] {
  if (random.oneIn(2)) return [stream];
  const cut: Buffer[] = [];
  for (let at = 0; at < stream.length; at += cut.at(-1)!.length) {
    cut.push(stream.subarray(at, at + 1 + random.below(random.oneIn(4) ? 4 : 400)));
  }
  return cut;
}
