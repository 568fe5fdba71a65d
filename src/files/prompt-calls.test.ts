import { PromptCalls } from './prompt-calls';

let clock = 0;
/** Milliseconds that a call takes here. */
let cost = 0.01;
let calls: PromptCalls;
beforeEach(() => {
  clock = 0;
  cost = 0.01;
  calls = new PromptCalls(() => clock);
});

const here = () => {
  clock += cost;
  return 'here';
};
const make = () => calls.make(here, () => Promise.resolve('elsewhere'));
const makeMany = (count: number) => Promise.all(Array.from({ length: count }, make));

test('calls are made here while they are prompt, and one pause is no sign of a disk', async () => {
  expect(new Set(await makeMany(100))).toEqual(new Set(['here']));
  cost = 50;
  await make();
  cost = 0.01;
  expect(new Set(await makeMany(100))).toEqual(new Set(['here']));
});

test.each([0.5, 1, 10])('of calls that take %d ms most are made elsewhere', async (milliseconds) => {
  cost = milliseconds;
  const made = await makeMany(5000);
  expect(made.filter((where) => where === 'here').length).toBeLessThan(200);
});

test('once they are prompt again they are made here again', async () => {
  cost = 10;
  await makeMany(300);
  cost = 0.01;
  await makeMany(300);
  expect(new Set(await makeMany(300))).toEqual(new Set(['here']));
});

test('a pause now and then costs few calls', async () => {
  let elsewhere = 0;
  for (let i = 0; i < 20; i++) {
    cost = 50;
    await makeMany(2);
    cost = 0.01;
    elsewhere += (await makeMany(200)).filter((where) => where === 'elsewhere').length;
  }
  expect(elsewhere).toBeLessThanOrEqual(20 * 16);
  expect(elsewhere).toBeGreaterThan(0);
});

test('a call that fails is judged by its time, too', async () => {
  const fail = () => {
    clock += 5;
    throw new Error('gone');
  };
  for (let i = 0; i < 2; i++)
    await expect(calls.make(fail, () => Promise.resolve(1))).rejects.toThrow('gone');
  expect(await make()).toBe('elsewhere');
});
