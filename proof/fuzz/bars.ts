import { always, bytesAtMost, type Bar } from '../bar';
import { fuzzInProcess } from './in-process';

const COUNT = 1_000_000;
const QUICK_COUNT = 20_000;
/** The uncertainty of the measurement itself, in bytes. */
const MOST_GROWTH = 4e6;

export const mutations: Bar = {
  name: 'mutations',
  claim: 'corrupted conversations end with an error defined by the protocol, and leave nothing behind',
  async run({ quick, seed }) {
    const half = (quick ? QUICK_COUNT : COUNT) / 2;
    const readings = [];
    for (const from of ['client', 'server'] as const) {
      const result = await fuzzInProcess(from, half, seed);
      result.wrong.forEach((fault) => console.error(fault));
      const of = `corrupted ${from} conversations`;
      readings.push(
        always(
          `${of} that ended with such an error`,
          result.conversations - result.wrong.length,
          result.conversations,
        ),
        bytesAtMost(`${of}: growth`, result.growth, MOST_GROWTH),
      );
    }
    return readings;
  },
};
