import { Icon, type IconName } from '../chrome/icons';
import { fileOf } from '../text';
import { STEP, type ZoomState } from './use-zoom';
import type { ViewerProps } from './viewer-props';

/** The name of the image, and what can be done with it. */
export function ViewerBar({ zoom, canZoom, ...props }: ViewerProps & { zoom: ZoomState; canZoom: boolean }) {
  const { api, viewed, count, isSelected, hasDetails } = props;
  const { image, index } = viewed;
  return (
    <div class="viewer-bar">
      <Button label="Back (Esc)" icon="back" act={props.close} />
      <h2 class="name">{fileOf(image.name)}</h2>
      {index !== undefined && Number.isInteger(index) && (
        <span class="place">
          {(index + 1).toLocaleString('en-US')} of {count.toLocaleString('en-US')}
        </span>
      )}
      {canZoom && <Button label="Zoom in (+)" icon="zoomIn" act={() => zoom.by(STEP)} />}
      {zoom.isOpen && <Button label="Zoom out (−)" icon="zoomOut" act={() => zoom.by(1 / STEP)} />}
      {!image.isGone && (
        <Button label="Select (Space)" icon="check" isPressed={isSelected} act={props.toggleSelected} />
      )}
      <Button label="Details (I)" icon="info" isPressed={hasDetails} act={props.toggleDetails} />
      {!image.isGone && (
        <a
          class="control download"
          href={`${api.original(image.name)}?download`}
          download={fileOf(image.name)}
          aria-label="Download original (D)"
          title="Download original (D)"
        >
          <Icon name="download" />
        </a>
      )}
    </div>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly icon: IconName;
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
