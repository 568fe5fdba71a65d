import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { gallery } from './images/gallery';

const FOLDER = join(__dirname, '..', 'images');

async function main(): Promise<void> {
  for (const [name, encode] of Object.entries(gallery)) {
    const path = join(FOLDER, name);
    const bytes = await encode();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    console.log(`${name} (${bytes.length} bytes)`);
  }
}

void main();
