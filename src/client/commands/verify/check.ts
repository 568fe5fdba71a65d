import type { Stats } from 'node:fs';
import { ResoError } from '../../../errors';
import { hashFile } from '../../disk/hash-file';
import type { OutputFolder } from '../../disk/output-folder';
import type { AskDigests } from '../../net/ask';
import type { Range } from '../../net/read';
import type { Names } from '../../plan/patterns';
import type { DownloadSummary } from '../../result';
import type { DownloadOptions } from '../../transfer/options';
import type { VerifyResult } from './options';

/** What a copy should contain. */
export interface ExpectedCopy {
  readonly name: string;
  readonly size: number;
  readonly sha256?: string | undefined;
}

/** What checking and repairing need from the client. */
export interface VerifyClient {
  readonly digests: AskDigests;
  read(name: string, range?: Range): AsyncGenerator<Buffer, void, undefined>;
  download(names: Names | undefined, options?: DownloadOptions): Promise<DownloadSummary>;
}

export interface Checking {
  readonly output: OutputFolder;
  readonly client: Pick<VerifyClient, 'digests'>;
  /** Throws ABORTED once the signal is aborted. */
  checkAborted(): void;
}

/** Checks whether the local copy of an image is what it should be. Throws only errors that affect all images. */
export async function checkCopy(checking: Checking, expected: ExpectedCopy): Promise<VerifyResult> {
  const { name, size } = expected;
  try {
    checking.checkAborted();
    return await compare(checking, expected);
  } catch (error) {
    if (!(error instanceof ResoError) || !OF_ONE_IMAGE.has(error.code)) throw error;
    // It was listed a moment ago and has since disappeared from the server.
    if (error.code === 'NOT_FOUND') return { name, outcome: 'extra', size, bytesReceived: 0 };
    return { name, outcome: 'failed', error, code: error.code, size, bytesReceived: 0 };
  }
}

const OF_ONE_IMAGE: ReadonlySet<string> = new Set([
  'NOT_FOUND',
  'UNREADABLE',
  'CHANGED',
  'FORBIDDEN',
  'DISK',
  'FOLDER',
]);

async function compare(checking: Checking, expected: ExpectedCopy): Promise<VerifyResult> {
  const { output } = checking;
  const { name } = expected;
  const found = await lookUp(output, name);
  const result = { name, size: expected.size, sha256: expected.sha256, bytesReceived: 0 };
  if (!found) return { ...result, outcome: 'missing' };
  if (!found.isFile() || found.size !== expected.size) return { ...result, outcome: 'damaged' };
  const hashed = hashFile(output.path(name), name, {
    size: found.size,
    check: () => checking.checkAborted(),
  });
  // Awaited below; the digest may fail first.
  hashed.catch(() => undefined);
  const sha256 = expected.sha256 ?? (await checking.client.digests(name)).sha256;
  return { ...result, sha256, outcome: (await hashed) === sha256 ? 'ok' : 'damaged' };
}

/** Nothing behind a link, or below something that is not a folder, is a copy in this folder. */
async function lookUp(output: OutputFolder, name: string): Promise<Stats | undefined> {
  try {
    return await output.lookUp(name);
  } catch (error) {
    if (error instanceof ResoError && error.code === 'FOLDER' && error.cause === undefined) return undefined;
    throw error;
  }
}
