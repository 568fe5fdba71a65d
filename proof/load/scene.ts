import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Setting } from '../bar';
import { Served } from '../process/served';
import { hang, type Gallery } from './gallery';
import { fetchOne } from './visitor';

/** A server with a gallery that has delivered each image once. */
export interface Scene {
  readonly server: Served;
  readonly gallery: Gallery;
  /** Folder for copies. */
  readonly folder: string;
}

export async function setScene(
  setting: Setting,
  sizes: Readonly<Record<string, number>>,
  args: readonly string[] = [],
): Promise<Scene> {
  const folder = mkdtempSync(join(setting.folder, 'scene-'));
  const images = join(folder, 'images');
  mkdirSync(images);
  const gallery = hang(images, sizes);
  const server = await Served.start({ program: setting.program, images, folder, args });
  for (const name of gallery.keys()) await fetchOne(server.endpoint, gallery, name, folder);
  // The last of these connections closes a moment after its client.
  await sleep(200);
  return { server, gallery, folder };
}
