import { useEffect, useRef } from 'preact/hooks';
import type { ImageInfo } from './api';
import { Grid, type GridData } from './grid/grid';

interface GridViewProps {
  readonly data: GridData | undefined;
  /** The same view as before, with other images. */
  readonly isUpdate: boolean;
  readonly rowHeight: number;
  readonly selection: ReadonlySet<string>;
  readonly scroller: HTMLElement;
  onReady(grid: Grid): void;
  open(index: number): void;
  toggle(index: number, isRange: boolean): void;
  source(image: ImageInfo, width: number): string;
  fail(error: unknown): void;
}

/** The grid, which draws itself: nothing in it is known to Preact. */
export function GridView(props: GridViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const grid = useRef<Grid>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const { data, rowHeight, selection } = props;
  useEffect(() => {
    const made = new Grid(props.scroller, box.current!, {
      open: (index) => latest.current.open(index),
      toggle: (index, isRange) => latest.current.toggle(index, isRange),
      focus: () => undefined,
      source: (image, width) => latest.current.source(image, width),
      fail: (error) => latest.current.fail(error),
    });
    grid.current = made;
    props.onReady(made);
    return () => made.close();
  }, []);
  useEffect(() => {
    if (data) grid.current?.show(data, { keepsPlace: props.isUpdate });
  }, [data]);
  useEffect(() => {
    if (grid.current) grid.current.rowHeight = rowHeight;
  }, [rowHeight]);
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
    />
  );
}
