import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api, ImageInfo } from '../api';
import { Icon } from '../icons';
import { fileOf } from '../text';
import { Details } from './details';
import type * as Zooms from './zoom';

interface ViewerProps {
  readonly api: Api;
  readonly image: ImageInfo;
  /** Where it is among those of the grid; undefined if it is not among them. */
  readonly place: { readonly index: number; readonly total: number } | undefined;
  readonly isSelected: boolean;
  readonly hasDetails: boolean;
  readonly assets: { readonly zoom: string; readonly hashWorker: string };
  /** Of its neighbours, which are loaded ahead. */
  readonly ahead: readonly ImageInfo[];
  close(): void;
  step(by: -1 | 1): void;
  toggleSelected(): void;
  toggleDetails(): void;
  say(message: string): void;
}

/** Milliseconds without a move of the mouse after which only the image is left. */
const IDLE = 2000;
const WIDTHS = [1280, 2560] as const;
const STEP = 1.6;
/** Pixels that a finger moves for the next image. */
const SWIPE = 60;

/** One image over the whole screen. */
export function Viewer(props: ViewerProps) {
  const { api, image, place, hasDetails } = props;
  const root = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [isIdle, setIdle] = useIdle();
  const [isFailed, setFailed] = useState(false);
  const zoom = useZoom(api.original(image.name), stage, props);
  useEffect(() => setFailed(false), [image.name]);
  useEffect(() => root.current?.focus(), []);
  useEffect(() => {
    for (const one of props.ahead) if (one.facts?.canRender !== false) new Image().src = sourceOf(api, one);
  }, [image.name]);
  useKeys({ ...props, zoom, root });
  const swipe = useSwipe(props.step, zoom.isOpen);
  const cannotShow = isFailed || image.isGone || image.facts?.canRender === false;
  return (
    <div
      ref={root}
      class={`viewer${isIdle && !hasDetails ? ' is-idle' : ''}${zoom.isOpen ? ' is-zoomed' : ''}`}
      role="dialog"
      aria-modal="true"
      aria-label={fileOf(image.name)}
      tabIndex={-1}
      onMouseMove={() => setIdle(false)}
      onKeyDown={keepFocus}
    >
      <div class="stage" ref={stage} {...swipe} onDblClick={() => zoom.open()}>
        {cannotShow ? (
          <Tile image={image} original={api.original(image.name)} />
        ) : (
          <Picture
            key={image.name}
            api={api}
            image={image}
            isHidden={zoom.isShown}
            onFailed={() => setFailed(true)}
          />
        )}
        <div class="viewer-bar">
          <Button label="Back (Esc)" icon="back" act={props.close} />
          <span class="name">{fileOf(image.name)}</span>
          {place && (
            <span class="place">
              {(place.index + 1).toLocaleString('en-US')} of {place.total.toLocaleString('en-US')}
            </span>
          )}
          {!cannotShow && <Button label="Zoom in (+)" icon="zoomIn" act={() => zoom.by(STEP)} />}
          <Button
            label="Select (Space)"
            icon="check"
            isPressed={props.isSelected}
            act={props.toggleSelected}
          />
          <Button label="Details (I)" icon="info" isPressed={hasDetails} act={props.toggleDetails} />
          <a
            class="control download"
            href={`${api.original(image.name)}?download`}
            download={fileOf(image.name)}
            aria-label="Download original (D)"
            title="Download original (D)"
          >
            <Icon name="download" />
          </a>
        </div>
        <Side label="Previous image" icon="back" by={-1} place={place} step={props.step} />
        <Side label="Next image" icon="next" by={1} place={place} step={props.step} />
      </div>
      {hasDetails && (
        <Details
          key={image.name}
          image={image}
          original={api.original(image.name)}
          worker={props.assets.hashWorker}
          say={props.say}
        />
      )}
    </div>
  );
}

/** The thumbnail that the grid has shown, until the larger image has come. */
function Picture({
  api,
  image,
  isHidden,
  onFailed,
}: {
  readonly api: Api;
  readonly image: ImageInfo;
  readonly isHidden: boolean;
  onFailed(): void;
}) {
  const [isLarge, setLarge] = useState(false);
  const hidden = isHidden ? 'is-hidden' : '';
  return (
    <>
      {!isLarge && <img class={hidden} src={api.rendition(image, 320)} alt="" />}
      <img
        class={isLarge ? hidden : 'is-hidden'}
        src={sourceOf(api, image)}
        alt={fileOf(image.name)}
        onLoad={() => setLarge(true)}
        onError={onFailed}
      />
    </>
  );
}

/** As many pixels as the screen has. */
function sourceOf(api: Api, image: ImageInfo): string {
  const pixels = Math.max(innerWidth, innerHeight) * devicePixelRatio;
  return api.rendition(image, pixels > 1600 ? WIDTHS[1] : WIDTHS[0]);
}

function Tile({ image, original }: { readonly image: ImageInfo; readonly original: string }) {
  const format =
    image.facts && image.facts.format !== 'unknown' ? image.facts.format.toUpperCase() : undefined;
  const words = image.isGone
    ? 'This image is not on the server any more.'
    : `No browser preview${format ? ` for ${format} files` : ''}. The original can be downloaded.`;
  return (
    <div class="tile">
      <b>{image.isGone ? 'Gone' : (format ?? 'Not shown')}</b>
      <span>{words}</span>
      {!image.isGone && (
        <a class="button" href={`${original}?download`} download={fileOf(image.name)}>
          Download original
        </a>
      )}
    </div>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly icon: 'back' | 'zoomIn' | 'check' | 'info';
  readonly isPressed?: boolean;
  act(): void;
}

function Button({ label, icon, isPressed, act }: ButtonProps) {
  return (
    <button class="control" aria-label={label} title={label} aria-pressed={isPressed} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

interface SideProps extends Pick<ViewerProps, 'place' | 'step'> {
  readonly label: string;
  readonly icon: 'back' | 'next';
  readonly by: -1 | 1;
}

/** A wide zone beside the image. */
function Side({ label, icon, by, place, step }: SideProps) {
  if (!place) return null;
  const isEnd = by < 0 ? place.index === 0 : place.index === place.total - 1;
  if (isEnd) return null;
  return (
    <button class={`side${by > 0 ? ' is-next' : ''}`} aria-label={label} onClick={() => step(by)}>
      <span>
        <Icon name={icon} />
      </span>
    </button>
  );
}

function useIdle(): [boolean, (value: boolean) => void] {
  const [isIdle, setIdle] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wake = () => {
    setIdle(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setIdle(true), IDLE);
  };
  useEffect(() => {
    wake();
    addEventListener('keydown', wake);
    addEventListener('pointerdown', wake);
    return () => {
      clearTimeout(timer.current);
      removeEventListener('keydown', wake);
      removeEventListener('pointerdown', wake);
    };
  }, []);
  return [isIdle, wake];
}

interface ZoomState {
  /** Whether it was asked for, and whether it has come. */
  readonly isOpen: boolean;
  readonly isShown: boolean;
  open(): void;
  by(factor: number): void;
  fit(): void;
}

/** The original, which is loaded when somebody wants to see more than the preview has. */
function useZoom(
  original: string,
  stage: { readonly current: HTMLElement | null },
  props: ViewerProps,
): ZoomState {
  const [isOpen, setOpen] = useState(false);
  const [isShown, setShown] = useState(false);
  const zoom = useRef<Zooms.Zoom>(undefined);
  const close = () => {
    zoom.current?.close();
    zoom.current = undefined;
    stage.current?.querySelector('.zoom')?.remove();
    setOpen(false);
    setShown(false);
  };
  useEffect(() => close, [original]);
  const open = async () => {
    if (isOpen || props.image.facts?.canRender === false || !stage.current) return;
    setOpen(true);
    const host = document.createElement('div');
    host.className = 'zoom';
    stage.current.prepend(host);
    const { openZoom } = (await import(/* the bundler leaves it */ props.assets.zoom)) as typeof Zooms;
    if (!host.isConnected) return;
    const failed = () => {
      close();
      props.say('This browser can’t show the original. It can be downloaded.');
    };
    const ready = () => {
      setShown(true);
      zoom.current?.by(STEP);
    };
    zoom.current = openZoom(host, original, ready, failed);
  };
  return {
    isOpen,
    isShown,
    open: () => void open(),
    by(factor) {
      if (!zoom.current) return factor > 1 ? void open() : undefined;
      zoom.current.by(factor);
      if (factor < 1 && zoom.current.isFit) close();
    },
    fit: close,
  };
}

function useKeys({
  zoom,
  root,
  ...props
}: ViewerProps & {
  readonly zoom: ZoomState;
  readonly root: { readonly current: HTMLElement | null };
}): void {
  const latest = useRef({ props, zoom });
  latest.current = { props, zoom };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (actOn(event.key, latest.current.props, latest.current.zoom, root.current)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** Whether the key means anything here. */
function actOn(key: string, props: ViewerProps, zoom: ZoomState, root: HTMLElement | null): boolean {
  const isOnControl =
    document.activeElement instanceof HTMLButtonElement ||
    document.activeElement instanceof HTMLAnchorElement;
  switch (key) {
    case 'Escape':
      if (zoom.isOpen) zoom.fit();
      else props.close();
      return true;
    case 'ArrowLeft':
      props.step(-1);
      return true;
    case 'ArrowRight':
      props.step(1);
      return true;
    case '+':
    case '=':
      zoom.by(STEP);
      return true;
    case '-':
      zoom.by(1 / STEP);
      return true;
    case '0':
      zoom.fit();
      return true;
    case 'i':
      props.toggleDetails();
      return true;
    case 'd':
      root?.querySelector<HTMLAnchorElement>('.download')?.click();
      return true;
    case 'f':
      void (document.fullscreenElement ? document.exitFullscreen() : root?.requestFullscreen());
      return true;
    case ' ':
      if (isOnControl) return false;
      props.toggleSelected();
      return true;
    default:
      return false;
  }
}

/** A finger that moves sideways brings the next image, one that moves down closes. */
function useSwipe(step: ViewerProps['step'], isZoomed: boolean) {
  const start = useRef<{ x: number; y: number } | undefined>(undefined);
  return {
    onTouchStart: (event: TouchEvent) => {
      const [one] = event.touches;
      start.current = event.touches.length === 1 && one ? { x: one.clientX, y: one.clientY } : undefined;
    },
    onTouchEnd: (event: TouchEvent) => {
      const [one] = event.changedTouches;
      if (!start.current || !one || isZoomed) return;
      const [x, y] = [one.clientX - start.current.x, one.clientY - start.current.y];
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) step(x < 0 ? 1 : -1);
    },
  };
}

/** Tab stays within: what lies behind is not there. */
function keepFocus(event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button, a[href]')];
  const [first, last] = [all[0], all.at(-1)];
  const { activeElement } = document;
  const isOut = event.shiftKey
    ? activeElement === first || activeElement === event.currentTarget
    : activeElement === last;
  if (!isOut) return;
  (event.shiftKey ? last : first)?.focus();
  event.preventDefault();
}
