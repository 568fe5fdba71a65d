import { LOCAL_CODES, WIRE_CODES } from '../../errors';
import { combine, EXIT, EXIT_OF } from './exit-code';

test('every code has an exit code, and nothing else has', () => {
  expect(Object.keys(EXIT_OF).sort()).toEqual([...WIRE_CODES, ...LOCAL_CODES].sort());
  expect(Object.values(EXIT_OF)).not.toContain(EXIT.done);
});

test.each([
  [[], EXIT.done],
  [[EXIT.done, EXIT.notOnServer], EXIT.notOnServer],
  [[EXIT.localDisk, EXIT.localDisk], EXIT.localDisk],
  [[EXIT.notOnServer, EXIT.localDisk], EXIT.several],
  [[EXIT.notOnServer, EXIT.interrupted], EXIT.interrupted],
] as const)('%j together are %d', (codes, together) => expect(combine(codes)).toBe(together));
