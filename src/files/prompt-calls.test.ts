import { PromptCalls } from './prompt-calls';

test('calls are made here until one is slow, then elsewhere for a while, then tried here again', async () => {
  let clock = 0;
  let cost = 0.01;
  const calls = new PromptCalls(() => clock);
  const make = () =>
    calls.make(
      () => {
        clock += cost;
        return 'here';
      },
      () => Promise.resolve('elsewhere'),
    );
  expect(await make()).toBe('here');
  cost = 10;
  expect(await make()).toBe('here');
  const next = await Promise.all(Array.from({ length: 256 }, make));
  expect(new Set(next)).toEqual(new Set(['elsewhere']));
  expect(await make()).toBe('here');
});

test('a call that fails is judged by its time, too', async () => {
  let clock = 0;
  const calls = new PromptCalls(() => clock);
  const failing = calls.make(
    () => {
      clock += 5;
      throw new Error('gone');
    },
    () => Promise.resolve(1),
  );
  await expect(failing).rejects.toThrow('gone');
  expect(
    await calls.make(
      () => 0,
      () => Promise.resolve(1),
    ),
  ).toBe(1);
});
