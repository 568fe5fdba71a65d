import { always, type Bar } from '../bar';
import { setScene } from '../load/scene';
import { cutEverywhere } from './cuts';

/** In quick runs, only every n-th place. */
const QUICK_EVERY = 7;

export const cuts: Bar = {
  name: 'cuts',
  claim: 'wherever a connection is cut, in either direction, the client continues and everything verifies',
  async run(setting) {
    const { server, gallery, folder } = await setScene(setting, {
      'small.jpg': 3000,
      'b/large.tif': 2_700_000,
    });
    const result = await cutEverywhere(server.endpoint, gallery, folder, setting.quick ? QUICK_EVERY : 1);
    await server.kill();
    result.broken.slice(0, 10).forEach((fault) => console.error(fault));
    return [always('cuts survived', result.cuts - result.broken.length, result.cuts)];
  },
};
