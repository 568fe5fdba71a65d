import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryWatch } from '../../bench/process/memory';
import { Ceph, type TestBucket } from '../../integration-tests/support/ceph';
import { bytesAtMost, type Bar, type Setting } from '../bar';
import { memoryAfterList, timeList } from '../load/time-list';
import { Served } from '../process/served';

const COUNTS = { full: 100_000, quick: 20_000 };
const FOLDERS = 100;
const AT_ONCE = 64;
/** Milliseconds, but for memory. */
const LIMITS = { first: 1000, whole: 30_000, memory: 64e6 };
/** Where all keys are listed before the first page. */
const LISTED = { ...LIMITS, first: LIMITS.whole };
/** Milliseconds after which a list of so many is not taken from memory any more, whatever the store says. */
const AGE = 1000;

export const manyObjects: Bar = {
  name: 's3-many',
  claim: 'a hundred thousand objects in a bucket are listed within seconds, in a bounded amount of memory',
  onRequest: true,
  async run(setting) {
    const count = setting.quick ? COUNTS.quick : COUNTS.full;
    await using ceph = await Ceph.start();
    const [few, many] = [await ceph.makeBucket('few'), await ceph.makeBucket('many')];
    await few.put('a.jpg', 'one');
    const memoryOfFew = await memoryAfterList(await start(setting, ceph, few));
    await fill(many, count);
    const server = await start(setting, ceph, many);
    const watch = new MemoryWatch(server.pid);
    const begun = performance.now();
    const readings = await timeList(server, 'one page after the other', count, LISTED);
    const took = performance.now() - begun;
    await many.put(nameOf(count), 'one more');
    await sleep(Math.max(took, AGE));
    readings.push(...(await timeList(server, 'in parts, with one more', count + 1, LISTED)));
    readings.push(bytesAtMost('more memory than with one image', watch.stop() - memoryOfFew, LIMITS.memory));
    await server.kill();
    return readings;
  },
};

function start({ program, folder: place }: Setting, ceph: Ceph, bucket: TestBucket): Promise<Served> {
  const folder = join(place, bucket.name);
  mkdirSync(folder);
  const args = ['--s3-endpoint', ceph.endpoint, '--log-level', 'error'];
  return Served.start({ program, images: bucket.url, folder, args, environment: ceph.environment });
}

async function fill(bucket: TestBucket, count: number): Promise<void> {
  const begun = performance.now();
  let next = 0;
  const work = async () => {
    for (let i = next++; i < count; i = next++) await bucket.put(nameOf(i), `image ${i}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  console.log(`${count} objects stored in ${Math.round((performance.now() - begun) / 1000)} s`);
}

function nameOf(index: number): string {
  return `${String(index % FOLDERS).padStart(2, '0')}/${String(index).padStart(6, '0')}.jpg`;
}
