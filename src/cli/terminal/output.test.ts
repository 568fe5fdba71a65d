import { Output } from './output';

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code, syscall: 'write' });
};

test('a reader that has gone is no failure', async () => {
  const output = new Output('stdout', () => ({ write: failing('EPIPE') }), false);
  await output.write('a');
  expect([output.isClosed, output.failure]).toEqual([true, undefined]);
});

test('a full disk is', async () => {
  const output = new Output('stdout', () => ({ write: failing('ENOSPC') }), false);
  await output.write('a');
  expect(output.isClosed).toBe(true);
  expect(output.failure).toMatchObject({ code: 'DISK' });
  expect(output.failure?.message).toContain('Writing to stdout failed: the disk is full.');
});

test('nothing is opened before there is something to write', async () => {
  const open = jest.fn(() => ({ write: () => undefined }));
  const output = new Output('stdout', open, false);
  await output.flush();
  expect(open).not.toHaveBeenCalled();
});
