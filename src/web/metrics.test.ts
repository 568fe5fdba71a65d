import { connect } from 'node:net';
import { once } from 'node:events';
import { Gatekeeper } from '../access';
import { silentLog } from '../telemetry';
import { WebServing } from './fixtures/web-serving';
import { delayOf, Metrics } from './metrics';

const lineOf = async (metrics: Metrics, begin: string) =>
  (await metrics.text()).body.split('\n').filter((line) => line.startsWith(begin));

test('what only grows is a counter, and is read when somebody asks', async () => {
  const metrics = new Metrics();
  let made = 3;
  metrics.counter('reso_renders_total', 'Renditions.', () => made);
  expect(await lineOf(metrics, 'reso_renders_total')).toEqual(['reso_renders_total 3']);
  made = 5;
  expect(await lineOf(metrics, 'reso_renders_total')).toEqual(['reso_renders_total 5']);
  expect(await lineOf(metrics, '# TYPE reso_renders_total')).toEqual(['# TYPE reso_renders_total counter']);
});

test('what the protocol’s log says is counted, by kinds and outcomes alone', async () => {
  const metrics = new Metrics();
  const log = metrics.counting(silentLog);
  log.info('request', { request: 'GET', name: 'secret.jpg', outcome: 'OK', bytes: 10, peer: '192.0.2.1:9' });
  log.info('request', { request: 'FETCH', images: 4, outcome: 'OK', bytes: 20 });
  log.info('request', { request: 'GET', name: 'secret.jpg', outcome: 'DISCONNECTED', bytes: 5 });
  log.debug('image', { request: 'FETCH', name: 'secret.jpg', outcome: 'OK' });
  log.warn('something odd');
  expect(await lineOf(metrics, 'reso_images_sent_total')).toEqual(['reso_images_sent_total 5']);
  expect(await lineOf(metrics, 'reso_sent_bytes_total')).toEqual(['reso_sent_bytes_total{by="protocol"} 35']);
  expect(await lineOf(metrics, 'reso_warnings_total')).toEqual(['reso_warnings_total{level="warn"} 1']);
  expect((await metrics.text()).body).not.toMatch(/secret|192\.0\.2/);
});

test('the time between two looks at the event loop is no delay', () => {
  expect(delayOf(20_500_000)).toBeCloseTo(0.0005);
  expect(delayOf(19_900_000)).toBe(0);
  expect(delayOf(NaN)).toBe(0);
});

test('what a client took of an answer before it left is counted, and no name is a label', async () => {
  const metrics = new Metrics();
  const serving = await WebServing.start({ metrics, gatekeeper: new Gatekeeper() });
  await serving.put('secret.jpg', Buffer.alloc(40_000_000));
  const socket = connect(serving.server.port, '127.0.0.1');
  socket.write('GET /images/secret.jpg HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'readable');
  socket.read();
  await once(socket, 'readable');
  socket.destroy();
  const sent = async () => Number((await lineOf(metrics, 'reso_sent_bytes_total'))[0]?.split(' ')[1] ?? 0);
  while ((await lineOf(metrics, 'reso_http_requests_total{')).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await lineOf(metrics, 'reso_http_requests_total{')).toEqual([
    'reso_http_requests_total{route="images",status="499"} 1',
  ]);
  expect(await sent()).toBeGreaterThan(0);
  expect(await sent()).toBeLessThan(40_000_000);
  await serving.get('/none/secret.jpg');
  expect((await metrics.text()).body).not.toContain('secret');
  await serving.stop();
});
