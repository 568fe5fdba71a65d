import { WORKLOADS } from '../workloads';
import { processorCosts, processorFigure, processorUnit } from './processor';

const workload = WORKLOADS[0]!;

test('small images are counted, and each side is the mean of its runs', () => {
  const sent = { workload, files: 1000, bytes: 1e7 };
  const { client, server } = processorCosts({ client: [0.1, 0.2], server: [0.05] }, sent);
  expect([client, server].map(processorFigure)).toEqual(['150', '50']);
  expect(client!.secondsPerGiB).toBeUndefined();
  expect(processorUnit(sent)).toBe('µs/image');
});

test('large images are weighed', () => {
  const sent = { workload, files: 1, bytes: 2 ** 31 };
  const { client, server } = processorCosts({ client: [3, 3], server: [] }, sent);
  expect(processorFigure(client)).toBe('1.50');
  expect(server).toBeUndefined();
  expect(processorUnit(sent)).toBe('s/GiB');
});

test('what twenty clients fetched counts twenty times', () => {
  const sent = { workload: { ...workload, clients: 20 }, files: 500, bytes: 5e7 };
  const { server } = processorCosts({ client: [], server: [1] }, sent);
  expect(processorFigure(server)).toBe('100');
});
