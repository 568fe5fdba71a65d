import { thumbHashToDataURL } from 'thumbhash';
import type { ImageInfo } from '../api';

/** An image of the grid on the screen. The element is used again for another one once it is out of sight. */
export class Cell {
  readonly element: HTMLElement;
  readonly #image: HTMLImageElement;
  readonly #label: HTMLElement;
  index = -1;
  #shown: string | undefined;
  #source: string | undefined;

  constructor() {
    this.element = document.createElement('div');
    this.element.className = 'cell';
    this.element.setAttribute('role', 'option');
    this.#image = document.createElement('img');
    this.#image.alt = '';
    this.#image.decoding = 'async';
    this.#image.draggable = false;
    this.#image.addEventListener('load', () => this.element.classList.add('is-loaded'));
    this.#image.addEventListener('error', () => this.#failed());
    this.#label = document.createElement('span');
    this.#label.className = 'cell-label';
    const check = document.createElement('span');
    check.className = 'check';
    check.setAttribute('aria-hidden', 'true');
    this.element.append(this.#image, this.#label, check);
  }

  /** Shows another place of the grid, of which nothing is known yet. */
  moveTo(index: number, total: number): void {
    this.index = index;
    this.element.id = `cell-${index}`;
    this.element.setAttribute('aria-posinset', String(index + 1));
    this.element.setAttribute('aria-setsize', String(total));
    this.element.setAttribute('aria-label', 'Loading');
    this.#clear();
  }

  place(left: number, top: number, width: number, height: number): void {
    const { style } = this.element;
    style.transform = `translate(${left}px, ${top}px)`;
    style.width = `${width}px`;
    style.height = `${height}px`;
  }

  /** Says what the image is; its blurred likeness fills the place until it comes. */
  describe(image: ImageInfo): void {
    const key = `${image.name}\0${image.version}\0${image.facts ? 1 : 0}`;
    if (this.#shown === key) return;
    this.#clear();
    this.#shown = key;
    const file = image.name.slice(image.name.lastIndexOf('/') + 1);
    this.element.setAttribute('aria-label', file);
    this.element.title = file;
    this.element.classList.toggle('is-changing', image.unsettled === true);
    if (image.isGone) return this.#showTile('Gone', file);
    if (image.facts && !image.facts.canRender) return this.#showTile(formatOf(image), file);
    const hash = image.facts?.thumbhash;
    if (hash !== undefined) this.element.style.backgroundImage = `url(${likeness(hash)})`;
  }

  /** Loads the image itself, if it is one that can be shown small. */
  load(source: string): void {
    if (this.#source === source || this.element.classList.contains('is-tile')) return;
    this.#source = source;
    this.element.classList.remove('is-loaded');
    this.#image.src = source;
  }

  set isSelected(value: boolean) {
    this.element.setAttribute('aria-selected', String(value));
  }

  set isCurrent(value: boolean) {
    this.element.tabIndex = value ? 0 : -1;
  }

  #clear(): void {
    this.#shown = undefined;
    this.#source = undefined;
    this.#image.removeAttribute('src');
    this.#label.textContent = '';
    this.element.style.backgroundImage = '';
    this.element.classList.remove('is-loaded', 'is-tile', 'is-changing');
  }

  #failed(): void {
    if (this.#source === undefined) return;
    this.#showTile('Not shown', this.element.title);
  }

  #showTile(badge: string, file: string): void {
    this.element.classList.add('is-tile');
    this.#image.removeAttribute('src');
    this.#label.replaceChildren(textIn('b', badge), textIn('span', file));
  }
}

function textIn(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function formatOf({ name, facts }: ImageInfo): string {
  if (facts && facts.format !== 'unknown') return facts.format.toUpperCase();
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 ? name.slice(dot + 1).toUpperCase() : 'File';
}

const likenesses = new Map<string, string>();
const MOST_LIKENESSES = 1000;

/** Drawing one takes a fifth of a millisecond: those that come by again are kept. */
function likeness(hash: string): string {
  const known = likenesses.get(hash);
  if (known !== undefined) return known;
  const bytes = Uint8Array.from(atob(hash), (char) => char.charCodeAt(0));
  const url = thumbHashToDataURL(bytes);
  likenesses.set(hash, url);
  const [oldest] = likenesses.keys();
  if (likenesses.size > MOST_LIKENESSES && oldest !== undefined) likenesses.delete(oldest);
  return url;
}
