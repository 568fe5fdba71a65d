import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { DataSet } from './data/data-set';
import { command } from './process/command';
import { finish } from './process/finish';
import type { Tool } from './tools/tool';

const DEADLINE_MS = 300_000;

/** Throws unless everything arrived: checked by count and bytes, for reso by diff. */
export async function checkOutput(tool: Tool, data: DataSet, output: string, one: boolean): Promise<void> {
  const sent = one ? { files: 1, bytes: lstatSync(join(data.folder, data.names[0]!)).size } : wholeOf(data);
  const came = contents(output);
  if (came.files !== sent.files || came.bytes !== sent.bytes)
    throw new Error(`delivered ${came.files} of ${sent.files} files, ${came.bytes} of ${sent.bytes} bytes`);
  if (tool.role !== 'reso') return;
  const part = one ? data.names[0]! : '.';
  await finish(
    command('diff', '-r', '--exclude=.reso', join(data.folder, part), join(output, part)),
    DEADLINE_MS,
  );
}

function wholeOf({ names, bytes }: DataSet) {
  return { files: names.length, bytes };
}

function contents(folder: string): { files: number; bytes: number } {
  const sum = { files: 0, bytes: 0 };
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === '.reso') continue;
    const path = join(folder, entry.name);
    const within = entry.isDirectory() ? contents(path) : { files: 1, bytes: lstatSync(path).size };
    sum.files += within.files;
    sum.bytes += within.bytes;
  }
  return sum;
}
