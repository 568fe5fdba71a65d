import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Grid, type GridData, type GridEvents, type Place } from './grid';

/** What the grid should show next. */
export interface Showing {
  readonly data: GridData;
  readonly place: Place;
  /** By how many places the current images have moved; undefined if these are different images. */
  readonly shift: number | undefined;
}

interface GridViewProps {
  readonly showing: Showing | undefined;
  readonly isLoading: boolean;
  readonly rowHeight: number;
  readonly selection: ReadonlySet<string>;
  readonly scroller: HTMLElement;
  readonly events: GridEvents;
  onReady(grid: Grid): void;
}

/** The grid, which draws itself: Preact does not know its contents. */
export function GridView({
  showing,
  isLoading,
  rowHeight,
  selection,
  scroller,
  events,
  onReady,
}: GridViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const grid = useRef<Grid>(undefined);
  const latest = useRef(events);
  latest.current = events;
  useLayoutEffect(() => {
    const made = new Grid(scroller, box.current!, {
      open: (index) => latest.current.open(index),
      toggle: (index, from) => latest.current.toggle(index, from),
      selectAll: () => latest.current.selectAll(),
      isSelecting: () => latest.current.isSelecting(),
      rest: () => latest.current.rest(),
      label: (image) => latest.current.label(image),
      source: (image, width) => latest.current.source(image, width),
      fail: (error) => latest.current.fail(error),
    });
    grid.current = made;
    onReady(made);
    return () => made.close();
  }, []);
  useLayoutEffect(() => {
    if (grid.current) grid.current.rowHeight = rowHeight;
  }, [rowHeight]);
  useLayoutEffect(() => {
    if (showing) grid.current?.show(showing.data, showing.place, showing.shift);
  }, [showing]);
  useEffect(() => {
    if (grid.current) grid.current.isSelected = ({ name }) => selection.has(name);
  }, [selection]);
  return (
    <div
      ref={box}
      class={`grid${selection.size > 0 ? ' has-selection' : ''}`}
      role="listbox"
      aria-label="Images"
      aria-multiselectable="true"
      aria-busy={isLoading}
      hidden={showing?.data.ratios.length === 0}
    />
  );
}
