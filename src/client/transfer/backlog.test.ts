import { Backlog } from './backlog';

const MIB = 1_048_576;
const channel = () => ({ hold: jest.fn(), release: jest.fn() });

test('holds the channels that bring more than the disk takes, all images together, until it has caught up', () => {
  const backlog = new Backlog();
  const [one, other, idle] = [channel(), channel(), channel()];
  for (let image = 0; image < 8; image++) backlog.grow(2 * MIB, idle);
  expect(idle.hold).not.toHaveBeenCalled();
  backlog.grow(1, one);
  backlog.grow(1, one);
  backlog.grow(1, other);
  for (const held of [one, other]) expect(held.hold).toHaveBeenCalledTimes(1);
  backlog.shrink(8 * MIB);
  expect(one.release).not.toHaveBeenCalled();
  backlog.shrink(8 * MIB + 3);
  for (const held of [one, other]) expect(held.release).toHaveBeenCalledTimes(1);
  expect(idle.hold).not.toHaveBeenCalled();
});
