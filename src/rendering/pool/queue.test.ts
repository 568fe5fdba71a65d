import { Job } from './job';
import { Queue } from './queue';

const job = (isUrgent = false) =>
  new Job({ kind: 'facts', withGps: false }, () => Promise.reject(new Error('not opened')), isUrgent);

function filled(most: number, ...jobs: Job[]): Queue {
  const queue = new Queue(most);
  for (const one of jobs) queue.add(one);
  return queue;
}

test('urgent jobs come first, each kind in its order', () => {
  const [a, b, c, d] = [job(), job(true), job(), job(true)] as const;
  expect(filled(9, a, b, c, d).jobs()).toEqual([b, d, a, c]);
});

test('a job that becomes urgent comes behind those that are', () => {
  const [a, b, c] = [job(), job(), job(true)] as const;
  const queue = filled(9, a, b, c);
  queue.urge(b);
  expect(queue.jobs()).toEqual([c, b, a]);
});

test('a full queue takes no more', () => {
  const queue = filled(2, job(), job(true));
  expect(() => queue.add(job())).toThrow(expect.objectContaining({ code: 'BUSY' }));
});

test('an urgent job takes the place of the last one that is not', async () => {
  const [a, b, c] = [job(), job(), job(true)] as const;
  const queue = filled(2, a, b);
  queue.add(c);
  expect(queue.jobs()).toEqual([c, a]);
  await expect(b.done).rejects.toMatchObject({ code: 'BUSY' });
  queue.add(job(true));
  expect(() => queue.add(job(true))).toThrow(expect.objectContaining({ code: 'BUSY' }));
});

test('what is put back is next, although there is no room', () => {
  const [a, b] = [job(), job()] as const;
  const queue = filled(1, a);
  queue.putBack(b);
  expect(queue.jobs()).toEqual([b, a]);
});
