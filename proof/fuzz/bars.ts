import { always, bytesAtMost, type Bar } from '../bar';
import { fuzzInProcess } from './in-process';

const COUNT = 1_000_000;
const QUICK_COUNT = 20_000;
/** Bytes: what the measurement itself is uncertain by. */
const MOST_GROWTH = 4e6;

export const mutations: Bar = {
  name: 'mutations',
  claim: 'spoilt conversations end in an error that the protocol has a word for, and leave nothing behind',
  async run({ quick, seed }) {
    const half = (quick ? QUICK_COUNT : COUNT) / 2;
    const readings = [];
    for (const from of ['client', 'server'] as const) {
      const result = await fuzzInProcess(from, half, seed);
      result.wrong.forEach((fault) => console.error(fault));
      const of = `spoilt ${from}s`;
      readings.push(
        always(`${of} with a typed end`, result.conversations - result.wrong.length, result.conversations),
        bytesAtMost(`${of}: growth`, result.growth, MOST_GROWTH),
      );
    }
    return readings;
  },
};
