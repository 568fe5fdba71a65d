import type { Api, ImageInfo } from '../api';
import type { Settings } from '../settings';
import type { Viewed } from '../state/use-viewed-image';

/** What the viewer shows, and its actions. */
export interface ViewerProps {
  readonly api: Api;
  readonly viewed: Viewed;
  /** Images in the grid. */
  readonly count: number;
  readonly isSelected: boolean;
  readonly hasDetails: boolean;
  readonly settings: Settings;
  /** Its neighbors, which are loaded ahead. */
  readonly ahead: readonly ImageInfo[];
  close(): void;
  step(by: -1 | 1): void;
  toggleSelected(): void;
  toggleDetails(): void;
  say(message: string): void;
}
