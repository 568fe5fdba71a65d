import fs from 'node:fs';
import { refuseFullDisk, writeError } from './disk-space';

test('a disk with room is not refused', () => {
  expect(() => refuseFullDisk(__filename, { records: 1 })).not.toThrow();
  expect(() => refuseFullDisk(__filename, { records: 1, bytes: 2 ** 60 })).toThrow('too little room');
});

test('of a write that fails in LMDB the reason is told, and its line on stderr is ended', () => {
  const write = jest.spyOn(fs, 'writeSync').mockReturnValue(1);
  const failed = new Error('File too large: Attempting to write page 7 of 8');
  expect(writeError(failed)).toMatchObject({ message: 'File too large', cause: failed });
  expect(write).toHaveBeenCalledWith(2, '\n');
  write.mockClear();
  const other = new Error('something else');
  expect(writeError(other)).toBe(other);
  expect(write).not.toHaveBeenCalled();
  write.mockRestore();
});
