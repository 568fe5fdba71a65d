import { equalSizes, logNormalSizes } from './data/sizes';
import { aria2, aria2File } from './tools/aria2';
import { curl, curl4, curl16, curl64, curlFile, curlOne } from './tools/curl';
import { cp, emptyNode } from './tools/floors';
import { reso, resoCold, resoOne } from './tools/reso';
import { resoSync } from './tools/reso-sync';
import { rsync, rsyncAgain, rsyncLocalAgain } from './tools/rsync';
import { tar } from './tools/tar';
import type { Tool } from './tools/tool';
import { wget, wgetFile } from './tools/wget';

export type SetName = 'images' | 'file' | 'photos' | 'small' | 'album' | 'few';

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly set: SetName;
  readonly long: boolean;
  /** Over TLS 1.3. */
  readonly tls?: boolean;
  readonly tools: readonly Tool[];
  /** Deliver only the first image of the set. */
  readonly one?: boolean;
  /** How many clients fetch the set at once, each into its own folder; undefined: one. */
  readonly clients?: number;
  /** Runs of each tool per round: more if a run is very short. */
  readonly runs: number;
}

const many = [reso, resoCold, curl, curl16, curl64, aria2, wget, rsync, tar];
const secured = [reso, resoCold, curl, curl16, curl64];
const photos = [reso, resoCold, curl16, aria2, rsync, tar];
const single = [reso, resoCold, curlFile, aria2File, wgetFile, rsync, tar];

/** Workloads on the same set are adjacent, so that it is made once. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'images',
    title: 'images of about 100 KB',
    set: 'images',
    long: false,
    tools: [...many, cp],
    runs: 1,
  },
  { name: 'images-long', title: 'images of about 100 KB', set: 'images', long: true, tools: many, runs: 1 },
  {
    name: 'images-tls',
    title: 'images of about 100 KB',
    set: 'images',
    long: false,
    tls: true,
    tools: secured,
    runs: 1,
  },
  { name: 'file', title: 'one large file', set: 'file', long: false, tools: [...single, cp], runs: 1 },
  { name: 'file-long', title: 'one large file', set: 'file', long: true, tools: single, runs: 1 },
  {
    name: 'file-tls',
    title: 'one large file',
    set: 'file',
    long: false,
    tls: true,
    tools: [reso, resoCold, curlFile],
    runs: 1,
  },
  {
    name: 'photos',
    title: 'photographs of 5 MB',
    set: 'photos',
    long: false,
    tools: [...photos, cp],
    runs: 1,
  },
  {
    name: 'photos-tls',
    title: 'photographs of 5 MB',
    set: 'photos',
    long: false,
    tls: true,
    tools: [reso, curl16],
    runs: 1,
  },
  { name: 'small', title: 'images of 10 KB', set: 'small', long: false, tools: [...many, cp], runs: 1 },
  {
    name: 'resync',
    title: 'second sync, nothing changed',
    set: 'small',
    long: false,
    tools: [resoSync, rsyncLocalAgain, rsyncAgain],
    runs: 1,
  },
  {
    name: 'twenty',
    title: 'twenty clients at once, images of about 100 KB',
    set: 'album',
    long: false,
    tools: [reso, curl4, rsync],
    clients: 20,
    runs: 1,
  },
  {
    name: 'one',
    title: 'one image, cold process',
    set: 'few',
    long: false,
    tools: [resoOne, curlOne, emptyNode],
    one: true,
    runs: 4,
  },
];

const FULL = { images: 5000, file: 2 * 2 ** 30, photos: 400, small: 100_000, album: 500, few: 100 };
const QUICK = { images: 1000, file: 256 * 2 ** 20, photos: 40, small: 5000, album: 50, few: 100 };

export function sizesOf(set: SetName, quick: boolean, scale: number): number[] {
  const amount = Math.ceil((quick ? QUICK : FULL)[set] * scale);
  if (set === 'file') return [amount];
  if (set === 'photos') return equalSizes(amount, 5_000_000);
  return set === 'small' ? equalSizes(amount, 10_000) : logNormalSizes(amount, 100_000, 1);
}
