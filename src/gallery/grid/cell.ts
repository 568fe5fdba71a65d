import type { ImageInfo } from '../api';
import { formatText } from '../text';
import { takeFailedStatus } from './failed-status';
import { knownLikeness, likeness } from './likeness';

/** Milliseconds until the browser knows why a thumbnail failed. */
const UNTIL_KNOWN = 50;
/** Milliseconds after which it is requested again if the server was busy or out of reach. */
const RETRIES = [1000, 4000] as const;

/** One image of the grid. The element is reused once it is out of sight. */
export class Cell {
  readonly element: HTMLElement;
  readonly #image: HTMLImageElement;
  index = -1;
  /** Identifies the image and how it is shown. */
  #shown: string | undefined;
  #badge: HTMLElement | undefined;
  #box = '';
  #likeness: string | undefined;
  #info: ImageInfo | undefined;
  #source: string | undefined;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.element = document.createElement('div');
    this.element.setAttribute('role', 'option');
    this.#image = document.createElement('img');
    this.#image.alt = '';
    this.#image.decoding = 'async';
    this.#image.draggable = false;
    this.#image.addEventListener('load', () => this.element.classList.add('is-loaded'));
    this.#image.addEventListener('error', () => this.#failed());
    this.element.append(this.#image);
    this.#clear();
  }

  /** Takes a place in the grid, whose image is not known yet. */
  take(index: number, total: number): void {
    this.#clear();
    this.element.setAttribute('aria-label', 'Loading');
    this.element.setAttribute('aria-selected', 'false');
    this.renumber(index, total);
  }

  /** Keeps its image, which has another place now. */
  renumber(index: number, total: number): void {
    this.index = index;
    this.element.id = `cell-${index}`;
    this.element.setAttribute('aria-posinset', String(index + 1));
    this.element.setAttribute('aria-setsize', String(total));
  }

  place(left: number, top: number, width: number, height: number): void {
    const box = `${left},${top},${width},${height}`;
    if (box === this.#box) return;
    this.#box = box;
    const { style } = this.element;
    style.transform = `translate(${left}px, ${top}px)`;
    style.width = `${width}px`;
    style.height = `${height}px`;
  }

  /** Says which image it is. `label` is its name as people see it. */
  describe(image: ImageInfo, label: string): void {
    const { name, version, facts, unsettled, isGone } = image;
    const key = [name, version, facts?.canRender, unsettled, isGone, label].join('\0');
    this.#info = image;
    if (this.#shown === key) return;
    this.#clear();
    this.#info = image;
    this.#shown = key;
    this.element.title = label;
    this.element.setAttribute('aria-label', label);
    if (isGone) this.#showTile('Deleted');
    else if (facts && !facts.canRender) this.#showTile(formatText(name, facts.format));
    else if (unsettled) this.#showBadge('Changing');
  }

  /** Shows a blurred placeholder until the image loads. False if it has not been drawn yet. */
  blur(mayDraw: boolean): boolean {
    const hash = this.#info?.facts?.thumbhash;
    if (hash === undefined || hash === this.#likeness) return true;
    if (this.element.classList.contains('is-loaded')) return true;
    const url = mayDraw ? likeness(hash) : knownLikeness(hash);
    if (url === undefined) return false;
    this.#likeness = hash;
    this.element.style.backgroundImage = `url(${url})`;
    return true;
  }

  /** Loads the thumbnail, if the image can have one. */
  load(source: string): void {
    if (this.#source === source || this.element.classList.contains('is-tile')) return;
    this.#source = source;
    this.#failures = 0;
    this.#image.src = source;
  }

  /** Retries after a failure: the server was unreachable for a while. */
  recover(): void {
    if (this.#failures > 0) this.#shown = undefined;
  }

  set isSelected(value: boolean) {
    // Writing an attribute costs the browser a look at its style rules, also where nothing changes.
    const text = String(value);
    if (this.element.getAttribute('aria-selected') !== text) this.element.setAttribute('aria-selected', text);
  }

  set isTabStop(value: boolean) {
    const tabIndex = value ? 0 : -1;
    if (this.element.tabIndex !== tabIndex || !this.element.hasAttribute('tabindex'))
      this.element.tabIndex = tabIndex;
  }

  #clear(): void {
    clearTimeout(this.#retry);
    this.#shown = this.#source = this.#likeness = this.#info = undefined;
    this.#failures = 0;
    this.#image.removeAttribute('src');
    this.#badge?.remove();
    this.#badge = undefined;
    this.element.style.backgroundImage = '';
    this.element.className = 'cell';
  }

  #failed(): void {
    const source = this.#source;
    if (source === undefined) return;
    this.#retry = setTimeout(() => {
      const pause = isFinal(takeFailedStatus(this.#image.src)) ? undefined : RETRIES[this.#failures++];
      if (pause === undefined) this.#giveUp();
      else this.#retry = setTimeout(() => (this.#image.src = source), pause);
    }, UNTIL_KNOWN);
  }

  #giveUp(): void {
    this.element.classList.add('is-failed');
    const badge = formatText(this.element.title, this.#info?.facts?.format);
    this.#showTile(badge);
    this.element.setAttribute('aria-label', `${this.element.title}, ${badge}, no preview`);
  }

  #showTile(badge: string): void {
    this.element.classList.add('is-tile');
    this.element.style.backgroundImage = '';
    this.#image.removeAttribute('src');
    this.#showBadge(badge);
    this.element.setAttribute('aria-label', `${this.element.title}, ${badge}`);
  }

  /** The name beside it is shown by the style sheet, which reads it from the element. */
  #showBadge(text: string): void {
    const file = this.element.title.slice(this.element.title.lastIndexOf('/') + 1);
    this.#badge ??= this.element.appendChild(document.createElement('span'));
    this.#badge.className = 'badge';
    this.#badge.textContent = text;
    this.#badge.dataset['name'] = file;
  }
}

/** Whether the same request would fail again. */
function isFinal(status: number | undefined): boolean {
  return status !== undefined && (status < 500 || status === 501);
}
