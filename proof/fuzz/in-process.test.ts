import { chooseSeed } from '../seed';
import { fuzzInProcess } from './in-process';

const seed = chooseSeed('mutations');

test.each(['client', 'server'] as const)(
  'ten thousand spoilt conversations of a %s: each ends in an error that the protocol has a word for, nothing stays',
  async (from) => {
    const { wrong, growth } = await fuzzInProcess(from, 10_000, seed);
    expect(wrong).toEqual([]);
    expect(growth).toBeLessThan(4e6);
  },
);
