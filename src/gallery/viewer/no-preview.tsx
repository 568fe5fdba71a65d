import type { ImageInfo } from '../api';
import { fileOf, formatText } from '../text';

/** Shown instead of an image that can't be displayed. */
export function NoPreview({ image, original }: { readonly image: ImageInfo; readonly original: string }) {
  if (image.isGone)
    return (
      <div class="no-preview">
        <b>Deleted</b>
        <p>“{fileOf(image.name)}” is no longer on the server.</p>
      </div>
    );
  return (
    <div class="no-preview">
      <b>{formatText(image.name, image.facts?.format)}</b>
      <p>There is no preview of this file. You can download the original.</p>
      <a class="button" href={`${original}?download`} download={fileOf(image.name)}>
        Download original
      </a>
    </div>
  );
}
