import { useState } from 'preact/hooks';
import type { Api, ImageInfo } from '../api';
import { fileOf } from '../text';

const WIDTHS = [1280, 2560] as const;
/** The grid's thumbnail, which the browser has cached. */
const THUMBNAIL = 320;

interface PictureProps {
  readonly api: Api;
  readonly image: ImageInfo;
  /** Whether the original covers it. */
  readonly isHidden: boolean;
  onFailed(): void;
}

/** An image as large as the screen allows: its thumbnail until the preview has loaded. */
export function Picture({ api, image, isHidden, onFailed }: PictureProps) {
  const [isLarge, setLarge] = useState(false);
  return (
    <div class={`picture${isHidden ? ' is-hidden' : ''}`} style={sizeOf(image)}>
      {!isLarge && <img src={api.rendition(image, THUMBNAIL)} alt="" draggable={false} />}
      <img
        class={isLarge ? '' : 'is-waiting'}
        src={previewOf(api, image)}
        alt={fileOf(image.name)}
        draggable={false}
        onLoad={() => setLarge(true)}
        onError={onFailed}
      />
    </div>
  );
}

/** Reserves the space before the picture loads. A small image is not enlarged. */
function sizeOf({ facts }: ImageInfo): Record<string, string> | undefined {
  if (!facts?.width || !facts.height) return undefined;
  return { '--ratio': String(facts.width / facts.height), '--own-width': `${facts.width}px` };
}

/** A preview that matches the screen's resolution. */
export function previewOf(api: Api, image: ImageInfo): string {
  const pixels = Math.max(innerWidth, innerHeight) * devicePixelRatio;
  return api.rendition(image, pixels > 1600 ? WIDTHS[1] : WIDTHS[0]);
}
