import { HEADER_BYTES, MessageType } from '../../src/protocol';
import type { Random } from './random';

/** A way to corrupt a conversation, which is a list of frames. The frames themselves are never modified. */
type Mutation = (frames: Buffer[], random: Random, others: readonly Buffer[]) => void;

const TYPES = [...Object.values(MessageType), 0x00, 0x08, 0x7f, 0x80, 0xff];
const LENGTHS = [
  0, 1, 8, 9, 64, 65, 16_384, 16_385, 65_536, 65_537, 1_048_576, 1_048_577, 0x7fff_ffff, 0xffff_ffff,
];
const VALUES = [
  '-1',
  '0',
  '1e308',
  '9007199254740992',
  '0.5',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '"\\ud800"',
  '"../x"',
];

/** Replaces one frame with a changed copy. */
function change(frames: Buffer[], random: Random, spoil: (copy: Buffer) => void): void {
  const place = random.below(frames.length);
  const copy = Buffer.from(frames[place]!);
  spoil(copy);
  frames[place] = copy;
}

function withPayload(frame: Buffer, payload: Buffer): Buffer {
  const copy = Buffer.concat([frame.subarray(0, HEADER_BYTES), payload]);
  copy.writeUInt32BE(payload.length, 0);
  return copy;
}

const flipBits: Mutation = (frames, random) =>
  change(frames, random, (copy) => {
    for (let times = 1 + random.below(4); times > 0; times--)
      copy[random.below(copy.length)]! ^= 1 << random.below(8);
  });

const cut: Mutation = (frames, random) => {
  const place = random.below(frames.length);
  frames[place] = frames[place]!.subarray(0, random.below(frames[place]!.length));
};

const duplicate: Mutation = (frames, random) =>
  void frames.splice(random.below(frames.length), 0, random.pick(frames));

const drop: Mutation = (frames, random) => void frames.splice(random.below(frames.length), 1);

const swap: Mutation = (frames, random) => {
  const [one, other] = [random.below(frames.length), random.below(frames.length)];
  [frames[one], frames[other]] = [frames[other]!, frames[one]!];
};

const changeLength: Mutation = (frames, random) =>
  change(frames, random, (copy) => {
    const near = (copy.readUInt32BE(0) + random.below(5) - 2) >>> 0;
    copy.writeUInt32BE(random.oneIn(2) ? near : random.pick(LENGTHS), 0);
  });

const changeType: Mutation = (frames, random) =>
  change(frames, random, (copy) => void (copy[4] = random.pick(TYPES)));

const changeId: Mutation = (frames, random) =>
  change(frames, random, (copy) => void copy.writeUInt32BE(random.pick([0, 1, 2, 3, 0xffff_ffff]), 5));

const insertBytes: Mutation = (frames, random) => {
  const bytes = Buffer.from(Array.from({ length: 1 + random.below(12) }, () => random.below(256)));
  frames.splice(random.below(frames.length + 1), 0, bytes);
};

const splice: Mutation = (frames, random, others) => {
  const other = random.pick(others);
  const at = random.below(frames.length);
  const head = frames[at]!.subarray(0, random.below(frames[at]!.length));
  frames.splice(at, 1, Buffer.concat([head, other.subarray(random.below(other.length))]));
};

/** Changes a value in a JSON message; the frame stays valid. */
const changeValue: Mutation = (frames, random) => {
  const place = random.below(frames.length);
  const frame = frames[place]!;
  const text = frame.subarray(HEADER_BYTES).toString('latin1');
  const values = [...text.matchAll(/(?<=[:[,])("[^"]*"|-?\d+|true|false|null)(?=[,\]}])/g)];
  if (values.length === 0) return flipBits(frames, random, []);
  const { index, 0: old } = random.pick(values);
  const changed = text.slice(0, index) + random.pick(VALUES) + text.slice(index + old.length);
  frames[place] = withPayload(frame, Buffer.from(changed, 'latin1'));
};

/** Nested far deeper than any real message, to see whether it causes anything but a refusal. */
const nest: Mutation = (frames, random) => {
  const place = random.below(frames.length);
  const depth = random.pick([64, 1000, 8000]);
  const [open, shut] = random.pick([
    ['[', ']'],
    ['{"name":', '}'],
  ] as const);
  const payload = `{"protocol":"reso","name":${open.repeat(depth)}1${shut.repeat(depth)}}`;
  frames[place] = withPayload(frames[place]!, Buffer.from(payload));
};

const MUTATIONS = [
  flipBits,
  cut,
  duplicate,
  drop,
  swap,
  changeLength,
  changeType,
  changeId,
  insertBytes,
  splice,
  changeValue,
  changeValue,
];

/** Corrupts `conversation` in one to three ways; `others` are frames to borrow from. */
export function mutate(conversation: readonly Buffer[], others: readonly Buffer[], random: Random): Buffer[] {
  const frames = [...conversation];
  for (let times = 1 + random.below(3); times > 0 && frames.length > 0; times--) {
    const mutation = random.oneIn(500) ? nest : random.pick(MUTATIONS);
    if (frames.every((frame) => frame.length >= HEADER_BYTES)) mutation(frames, random, others);
  }
  return frames;
}
