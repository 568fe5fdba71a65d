import { useEffect, useRef, useState } from 'preact/hooks';
import { Api } from './api';
import { Bar } from './chrome/bar';
import { Empty } from './chrome/empty';
import { Folders } from './chrome/folders';
import { Help } from './chrome/help';
import { SelectionBar } from './chrome/selection-bar';
import type { Grid, GridEvents } from './grid/grid';
import { GridView } from './grid/grid-view';
import { preferences, ROW_HEIGHTS, switchTheme } from './preferences';
import type { Settings } from './settings';
import { useImages } from './state/use-images';
import { useNotice } from './state/use-notice';
import { usePageKeys } from './state/use-page-keys';
import { useSelection } from './state/use-selection';
import { useView } from './state/use-view';
import { useViewedImage } from './state/use-viewed-image';
import { countText, fileOf, nameWithin } from './text';
import { gridKeyOf } from './view';
import { Viewer } from './viewer/viewer';

/** Narrower screens have lower rows. */
const PHONE = 700;

/** The whole page: the URL says what is shown, and the server provides the data. */
export function App({ settings }: { readonly settings: Settings }) {
  const { base, title, protocol } = settings;
  const [api] = useState(() => new Api(base, settings.hasThumbnails));
  const grid = useRef<Grid>(undefined);
  const searchField = useRef<HTMLInputElement>(null);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const views = useView(base);
  const { view, go } = views;
  const images = useImages(api, views, grid);
  const { loaded, problem } = images;
  const { viewed, open, step } = useViewedImage(api, views, images, grid);
  const selection = useSelection(api);
  const { notice, say, tell } = useNotice();
  const [rowHeight, setRowHeight] = useRowHeight();
  const [hasDetails, setDetails] = useState(false);
  const [hasHelp, setHelp] = useState(false);

  const isShown = loaded !== undefined && gridKeyOf(loaded.view) === gridKeyOf(view);
  const count = isShown ? loaded.showing.data.ratios.length : undefined;
  // The previous content stays until the next has loaded.
  const { folders = [], view: shownView = view } = loaded ?? {};
  const focusGrid = () => grid.current?.goTo(grid.current.current, { hasFocus: true });

  useEffect(() => {
    document.title = [viewed && fileOf(viewed.image.name), view.path.split('/').at(-1), title]
      .filter(Boolean)
      .join(' · ');
  }, [view.path, viewed]);
  // When the viewer closes, the grid is at the image.
  const wasViewing = useRef(false);
  useEffect(() => {
    if (wasViewing.current && !viewed && isShown) focusGrid();
    wasViewing.current = viewed !== undefined;
    if (!viewed) setDetails(false);
  }, [viewed === undefined]);
  useEffect(() => {
    if (count !== undefined) tell(view.search === '' ? countText(count) : `${countText(count)} found`);
  }, [count, gridKeyOf(view)]);
  useEffect(() => {
    if (viewed) tell(fileOf(viewed.image.name));
  }, [viewed?.image.name]);
  useEffect(() => {
    if (selection.names.size > 0) tell(`${countText(selection.names.size)} selected`);
  }, [selection.names]);
  usePageKeys({
    isCovered: hasHelp || view.image !== undefined,
    search: () => searchField.current?.focus(),
    showHelp: () => setHelp(true),
    clearSelection: selection.clear,
  });

  const search = (text: string) => {
    const next = { ...view, search: text, image: undefined };
    // Further letters add no history entries.
    if (view.search === '' && text !== '') go(next);
    else if (text !== view.search) views.replace(next);
  };
  const events: GridEvents = {
    open,
    toggle: (index, from) => void (loaded && selection.toggle(loaded, index, from).catch(images.report)),
    selectAll: () => void (loaded && selection.addAll(loaded, count ?? 0).catch(images.report)),
    isSelecting: () => selection.names.size > 0,
    rest: () => views.keep(isShown ? grid.current?.place : undefined),
    label: ({ name }) => nameWithin(shownView.path, name),
    source: (image, width) => api.rendition(image, width),
    fail: images.report,
  };
  const isEmpty = count === 0 && (folders.length === 0 || view.search !== '' || view.isDeep);
  const ahead =
    viewed?.index === undefined
      ? []
      : [Math.floor(viewed.index) + 1, Math.ceil(viewed.index) - 1].flatMap(
          (index) => grid.current?.known(index) ?? [],
        );
  return (
    <>
      <div class="app" inert={viewed !== undefined}>
        <Bar
          {...{ base, title, view, count, rowHeight, searchField, go, search, setRowHeight }}
          hasFolders={folders.length > 0}
          hasLogout={settings.hasLogout}
          leaveSearch={focusGrid}
          switchTheme={() => tell(`${switchTheme()} theme`)}
          showHelp={() => setHelp(true)}
        />
        <main class={`content${images.isLoading ? ' is-loading' : ''}`} ref={setScroller}>
          <h1 class="hidden">{view.path === '' ? title : view.path}</h1>
          <Folders {...{ api, folders, go }} view={shownView} hasThumbnails={settings.hasThumbnails} />
          {scroller && (
            <GridView
              showing={loaded?.showing}
              isLoading={images.isLoading}
              {...{ rowHeight, scroller, events }}
              selection={selection.names}
              onReady={(made) => (grid.current = made)}
            />
          )}
          {(isEmpty || (problem && !isShown)) && (
            <Empty {...{ view, base, go }} problem={isShown ? undefined : problem} />
          )}
        </main>
        <SelectionBar names={selection.names} {...{ protocol, say }} clear={selection.clear} />
      </div>
      {viewed && (
        <Viewer
          {...{ api, viewed, hasDetails, settings, ahead, step, say }}
          count={count ?? 0}
          isSelected={selection.names.has(viewed.image.name)}
          close={views.back}
          toggleSelected={() => selection.toggleName(viewed.image.name)}
          toggleDetails={() => setDetails((before) => !before)}
        />
      )}
      {hasHelp && <Help close={() => setHelp(false)} />}
      {isShown && problem && !notice?.text && (
        <p class="notice" role="alert">
          {problem.message} Trying again…
        </p>
      )}
      <div role="status" class={notice && !notice.isHeardOnly ? 'notice' : 'hidden'}>
        {notice?.text}
      </div>
    </>
  );
}

function useRowHeight(): [number, (height: number) => void] {
  const usual = innerWidth < PHONE ? ROW_HEIGHTS.phone : ROW_HEIGHTS.desktop;
  const [height, setHeight] = useState(preferences.rowHeight ?? usual);
  const set = (next: number) => {
    setHeight(next);
    preferences.rowHeight = next;
  };
  return [height, set];
}
