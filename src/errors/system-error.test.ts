import { describeCause, systemCode } from './system-error';

const refused = Object.assign(new Error('connect ECONNREFUSED ::1:1'), {
  code: 'ECONNREFUSED',
  syscall: 'connect',
});

test('an error of the system is told in words, any other in its own', () => {
  expect(systemCode(refused)).toBe('ECONNREFUSED');
  expect(describeCause(refused)).toBe('connection refused');
  expect(systemCode(new Error('torn'))).toBeUndefined();
  expect(describeCause(new Error('torn'))).toBe('torn');
});

test('of a host with several addresses the first failure is told', () => {
  expect(describeCause(new AggregateError([refused, refused]))).toBe('connection refused');
});
