import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { STYLE } from './pages/style';
import { notFound } from './refusals';
import { PAGE_POLICY, send } from './reply';
import type { Visit } from './visit';

const SCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** A file that pages load: made by the build, served from memory. */
class Asset {
  /** Changes with the content, so that browsers may keep it forever. */
  readonly name: string;
  readonly type: string;
  readonly #bytes: Buffer;
  #brotli: Buffer | undefined;
  #gzip: Buffer | undefined;

  constructor(file: string, type: string, bytes: Buffer) {
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    this.name = file.replace(/(?=\.[a-z]+$)/, `-${hash}`);
    this.type = type;
    this.#bytes = bytes;
  }

  /** Compressed in the best way that the browser accepts; each way once. */
  encoded(accepted: string): { readonly encoding: string | undefined; readonly bytes: Buffer } {
    if (accepts(accepted, 'br')) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      return { encoding: 'br', bytes: (this.#brotli ??= brotliCompressSync(this.#bytes, { params })) };
    }
    if (accepts(accepted, 'gzip'))
      return { encoding: 'gzip', bytes: (this.#gzip ??= gzipSync(this.#bytes, { level: 9 })) };
    return { encoding: undefined, bytes: this.#bytes };
  }
}

/** Whether `Accept-Encoding` names a coding, with a weight other than 0: RFC 9110, 12.5.3. */
function accepts(accepted: string, coding: string): boolean {
  return accepted.split(',').some((item) => {
    const [name, weight = ''] = item.split(';', 2).map((part) => part.trim().toLowerCase());
    return name === coding && !/^q=0(?:\.0*)?$/.test(weight);
  });
}

/** Names of the gallery's files. */
export interface GalleryAssets {
  readonly script: string;
  readonly style: string;
  readonly zoom: string;
  readonly hashWorker: string;
}

const plain = new Asset('page.css', CSS, Buffer.from(STYLE));
/** The style of pages without scripts. */
export const STYLE_NAME = plain.name;

const assets = new Map([[plain.name, plain]]);
/** Undefined if the gallery was not built: then only the pages without scripts exist. */
export const GALLERY = loadGallery();

/** The build puts it beside this folder; when run from the source it is in dist. */
function loadGallery(): GalleryAssets | undefined {
  const built = join(__dirname, '../gallery');
  const folder = existsSync(join(built, 'gallery.js')) ? built : join(__dirname, '../../dist/gallery');
  if (!existsSync(join(folder, 'gallery.js'))) return undefined;
  const load = (file: string, type: string) => {
    const asset = new Asset(file, type, readFileSync(join(folder, file)));
    assets.set(asset.name, asset);
    return asset.name;
  };
  return {
    script: load('gallery.js', SCRIPT),
    style: load('gallery.css', CSS),
    zoom: load('zoom.js', SCRIPT),
    hashWorker: load('hash-worker.js', SCRIPT),
  };
}

export function sendAsset(visit: Visit, name: string): void {
  const asset = assets.get(name);
  if (!asset) throw notFound();
  const { encoding, bytes } = asset.encoded(String(visit.request.headers['accept-encoding'] ?? ''));
  const headers = {
    'Content-Type': asset.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    // A worker uses the policy of its own script.
    'Content-Security-Policy': PAGE_POLICY,
  };
  const encoded = encoding === undefined ? undefined : { 'Content-Encoding': encoding };
  send(visit, 200, { ...headers, ...encoded, Vary: 'Accept-Encoding' }, bytes);
}
