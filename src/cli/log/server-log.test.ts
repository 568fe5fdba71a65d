import { captured } from '../fixtures/captured';
import { openServerLog } from './server-log';

const settings = { logLevel: 'info', logFormat: undefined, verbose: false } as const;

test('for people a sentence stands alone, without color where stderr is not a terminal', () => {
  const { terminal, err } = captured();
  const { say } = openServerLog({ ...settings, logFormat: 'pretty' }, terminal);
  say('warn', 'serving 0 images.', { images: 0 });
  expect(err()).toMatch(/^\d\d:\d\d:\d\d {2}warning: serving 0 images\.\n$/);
});

test('--log-level is heeded for sentences, too', () => {
  const { terminal, err } = captured();
  const { say } = openServerLog({ ...settings, logFormat: 'pretty', logLevel: 'warn' }, terminal);
  say('info', 'serving 1 image.');
  expect(err()).toBe('');
});
