import type { Bar } from './bar';
import { cuts } from './cuts/bar';
import { mutations } from './fuzz/bars';
import { live } from './fuzz/live';
import { gallery } from './gallery/gallery';
import { million } from './gallery/million';
import { httpBombs } from './http/bombs';
import { httpCrowd } from './http/crowd';
import { httpFlood } from './http/flood';
import { kills } from './kills/kills';
import { hostileLists } from './load/hostile-lists';
import { idle } from './load/idle';
import { leaks } from './load/leaks';
import { slowReaders } from './load/slow-readers';
import { trickle } from './load/trickle';
import { manyObjects } from './s3/many-objects';
import { followed } from './soak/follow';
import { soak } from './soak/soak';

/** In the order in which they run. */
export const BARS: readonly Bar[] = [
  mutations,
  live,
  cuts,
  idle,
  slowReaders,
  trickle,
  hostileLists,
  httpCrowd,
  httpFlood,
  httpBombs,
  leaks,
  kills,
  soak,
  followed,
  gallery,
  million,
  manyObjects,
];
