import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api, ImageInfo } from '../api';
import { Icon } from '../chrome/icons';
import { fileOf } from '../text';
import { Details } from './details';
import { NoPreview } from './no-preview';
import { Picture, previewOf } from './picture';
import { useGestures } from './use-gestures';
import { useIdle } from './use-idle';
import { useViewerKeys } from './use-viewer-keys';
import { useZoom } from './use-zoom';
import { ViewerBar } from './viewer-bar';
import type { ViewerProps } from './viewer-props';

/** Milliseconds without input after which the controls disappear. */
const IDLE = 2000;

/** One image over the whole screen. */
export function Viewer(props: ViewerProps) {
  const { api, viewed, hasDetails, settings, step, close, say } = props;
  const { image } = viewed;
  const root = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const isIdle = useIdle(IDLE);
  const state = `${image.name}\0${image.version}`;
  const [failed, setFailed] = useState('');
  const zoom = useZoom({ api, image, stage, program: settings.assets.zoom, say });
  useEffect(() => root.current?.focus(), []);
  useEffect(() => loadAhead(api, props.ahead), [image.name]);
  useViewerKeys({ ...props, zoom, root });
  const gestures = useGestures({ isZoomed: zoom.isOpen, step, close, zoom: (factor) => zoom.by(factor) });
  const canShow = failed !== state && !image.isGone && image.facts?.canRender !== false;
  const classes = ['viewer', isIdle && !hasDetails && 'is-idle', zoom.isOpen && 'is-zoomed'];
  return (
    <div
      ref={root}
      class={classes.filter(Boolean).join(' ')}
      role="dialog"
      aria-modal="true"
      aria-label={fileOf(image.name)}
      tabIndex={-1}
      onKeyDown={keepFocus}
    >
      <div class="stage" ref={stage} {...gestures} onDblClick={() => !zoom.isOpen && zoom.by(2)}>
        {canShow ? (
          <Picture
            key={state}
            api={api}
            image={image}
            isHidden={zoom.isShown}
            onFailed={() => setFailed(state)}
          />
        ) : (
          !zoom.isShown && <NoPreview image={image} original={api.original(image.name)} />
        )}
        <ViewerBar {...props} zoom={zoom} canZoom={canShow || zoom.hasTiles} />
        <Side {...props} label="Previous image" icon="back" by={-1} />
        <Side {...props} label="Next image" icon="next" by={1} />
      </div>
      {hasDetails && <Details key={state} api={api} image={image} settings={settings} say={say} />}
    </div>
  );
}

interface SideProps extends Pick<ViewerProps, 'viewed' | 'count' | 'step'> {
  readonly label: string;
  readonly icon: 'back' | 'next';
  readonly by: -1 | 1;
}

/** A wide zone beside the image. */
function Side({ label, icon, by, viewed: { index }, count, step }: SideProps) {
  if (index === undefined) return null;
  const isEnd = by < 0 ? index <= 0 : index >= count - 1;
  if (isEnd) return null;
  return (
    <button class={`side${by > 0 ? ' is-next' : ''}`} aria-label={label} onClick={() => step(by)}>
      <span>
        <Icon name={icon} />
      </span>
    </button>
  );
}

function loadAhead(api: Api, images: readonly ImageInfo[]): void {
  for (const image of images) if (image.facts?.canRender !== false) new Image().src = previewOf(api, image);
}

/** Keeps Tab inside the viewer, away from the page behind it. */
function keepFocus(event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const within = event.currentTarget as HTMLElement;
  const all = [...within.querySelectorAll<HTMLElement>('button:enabled, a[href]')];
  const [first, last] = [all[0], all.at(-1)];
  const { activeElement } = document;
  const isOut = event.shiftKey ? activeElement === first || activeElement === within : activeElement === last;
  if (!isOut) return;
  (event.shiftKey ? last : first)?.focus();
  event.preventDefault();
}
