import type { CatalogEntry, FolderPage } from '../../catalog';
import type { Facts } from '../../facts';
import { pathOf } from '../request-path';
import type { AdmittedVisit } from '../visit';
import { markup, shownName, type Html } from './html';
import { GALLERY, type GalleryAssets } from '../assets';
import { layout, type PageExtras } from './layout';
import { formatSize } from './size';

/** What a page shows of a folder. */
export interface ShownFolder extends FolderPage {
  readonly path: string;
  /** Of each image, as far as they are known. */
  readonly facts: readonly (Facts | undefined)[];
}

/** A folder as a page that works without scripts: its folders and its images. */
export function folderPage(visit: AdmittedVisit, page: ShownFolder, hasThumbnails: boolean): string {
  const { path } = page;
  const { context, target } = visit;
  const title = path === '' ? context.title : `${path.slice(path.lastIndexOf('/') + 1)} · ${context.title}`;
  const body = markup`<header>
      <nav aria-label="Folders above">${crumbs(visit, path)}</nav>
      ${!context.gatekeeper.isOpen && visit.grant.name !== undefined && logout(context.basePath)}
    </header>
    <main>
      <h1 class="unseen">${shownName(path === '' ? context.title : path)}</h1>
      ${
        page.folders.length > 0 &&
        markup`<ul class="folders">
          ${page.folders.map((folder) => folderItem(context.basePath, path, folder))}
        </ul>`
      }
      ${
        page.images.length > 0 &&
        markup`<ul class="images">
          ${page.images.map((image, i) => imageItem(visit, image, page.facts[i], hasThumbnails))}
        </ul>`
      }
      ${page.folders.length + page.images.length === 0 && empty(path, target.query.has('after'))}
      ${page.next !== undefined && markup`<p class="more"><a rel="next" href="?after=${encodeURIComponent(page.next)}">More</a></p>`}
    </main>`;
  return layout(context, shownName(title), body, GALLERY && withGallery(visit, GALLERY, hasThumbnails));
}

/** Makes the page load the gallery, which then takes its place. */
function withGallery(
  { context, grant }: AdmittedVisit,
  { script, style, zoom, hashWorker }: GalleryAssets,
  hasThumbnails: boolean,
): PageExtras {
  const { basePath, title, gatekeeper, protocol } = context;
  const at = (name: string) => `${basePath}/assets/${name}`;
  const hasLogout = !gatekeeper.isOpen && grant.name !== undefined;
  return {
    head: markup`<link rel="preload" as="style" href="${at(style)}">
<script type="module" src="${at(script)}"></script>`,
    attributes: markup` data-base="${basePath}" data-title="${title}" data-style="${at(style)}" data-zoom="${at(zoom)}" data-hash-worker="${at(hashWorker)}"${hasLogout && markup` data-logout`}${hasThumbnails && markup` data-thumbnails`}${protocol && markup` data-port="${protocol.port}"`}${protocol?.isSecure && markup` data-tls`}`,
  };
}

function crumbs({ context }: AdmittedVisit, path: string): Html[] {
  const parts = path === '' ? [] : path.split('/');
  const links = parts.map((part, i) => {
    const href = `${context.basePath}/browse/${pathOf(parts.slice(0, i + 1).join('/'))}/`;
    return markup` / <a href="${href}">${shownName(part)}</a>`;
  });
  return [markup`<a href="${context.basePath}/">${shownName(context.title)}</a>`, ...links];
}

function logout(basePath: string): Html {
  return markup`<form method="post" action="${basePath}/logout"><button>Log out</button></form>`;
}

function folderItem(basePath: string, path: string, folder: string): Html {
  const whole = path === '' ? folder : `${path}/${folder}`;
  return markup`<li><a href="${basePath}/browse/${pathOf(whole)}/">${shownName(folder)}/</a></li>`;
}

function imageItem(
  { context }: AdmittedVisit,
  image: CatalogEntry,
  facts: Facts | undefined,
  hasThumbnails: boolean,
): Html {
  const { name, size, sha256 } = image;
  const file = name.slice(name.lastIndexOf('/') + 1);
  const pin = sha256 === undefined ? '' : `&v=${sha256.slice(0, 12)}`;
  const source = `${context.basePath}/renditions/${pathOf(name)}?w=320&f=webp${pin}`;
  const format = formatOf(file, facts);
  const hasPicture = hasThumbnails && facts?.canRender !== false;
  const picture = hasPicture ? thumbnail(source, format) : markup`<span class="tile">${format}</span>`;
  return markup`<li>
    <a href="${context.basePath}/images/${pathOf(name)}"
      >${picture}<span class="name">${shownName(file)}</span></a
    >
    <span class="size">${formatSize(size)}</span>
  </li> `;
}

/**
 * If scripts run, the gallery loads its own thumbnails: these would only delay it. Where the server turns out to have none,
 * the style sheet shows the format instead.
 */
function thumbnail(source: string, format: string): Html {
  const image = markup`<img src="${source}" alt="${format}" loading="lazy" decoding="async" width="320" height="240" />`;
  return GALLERY ? markup`<noscript>${image}</noscript>` : image;
}

/** Never empty, or browsers would take the thumbnail for decoration and show nothing in its place. */
function formatOf(file: string, facts: Facts | undefined): string {
  if (facts && facts.format !== 'unknown') return facts.format.toUpperCase();
  const dot = file.lastIndexOf('.');
  return dot > 0 && dot < file.length - 1 ? file.slice(dot + 1).toUpperCase() : 'FILE';
}

function empty(path: string, isLater: boolean): Html {
  return isLater
    ? markup`<p class="empty">There are no more images here.</p>`
    : path !== ''
      ? markup`<p class="empty">The folder has no images, or is no longer there.</p>`
      : markup`<p class="empty">No images yet. Copy some into the folder on the server, and reload this page.</p>`;
}
