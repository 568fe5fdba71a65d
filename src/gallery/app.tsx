import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Api, CallError, type Grid as GridAnswer, type ImageInfo } from './api';
import { Bar } from './bar';
import { Empty } from './empty';
import { Folders } from './folders';
import { GridView } from './grid-view';
import type { Grid, GridData } from './grid/grid';
import { Help } from './help';
import { SelectionBar } from './selection-bar';
import { urlOf, viewAt, type View } from './view';
import { Viewer } from './viewer/viewer';

export interface Settings {
  readonly base: string;
  readonly title: string;
  readonly hasLogout: boolean;
  readonly hasThumbnails: boolean;
  readonly assets: { readonly zoom: string; readonly hashWorker: string };
}

/** Milliseconds between two looks whether anything has changed. */
const LOOK_EVERY = 4000;
const NOTICE_FOR = 4000;

interface Shown {
  readonly data: GridData;
  readonly generation: string;
  readonly isComplete: boolean;
  readonly isUpdate: boolean;
}

export function App({ settings }: { readonly settings: Settings }) {
  const { base, title } = settings;
  const [api] = useState(() => new Api(base, settings.hasThumbnails));
  const [view, setView] = useState(() => viewAt(new URL(location.href), base));
  const [shown, setShown] = useState<Shown>();
  const [folders, setFolders] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<CallError>();
  const [image, setImage] = useState<ImageInfo>();
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [rowHeight, setRowHeight] = useState(() =>
    storedNumber('reso.rowHeight', innerWidth < 700 ? 120 : 220),
  );
  const [hasDetails, setDetails] = useState(false);
  const [hasHelp, setHelp] = useState(false);
  const [notice, say] = useNotice();
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const grid = useRef<Grid>(undefined);
  const anchor = useRef(0);
  const current = useRef({ view, shown });
  current.current = { view, shown };

  const load = useCallback(
    async (wanted: View, isUpdate: boolean, signal: AbortSignal) => {
      try {
        const [answer, inner] = await Promise.all([
          api.grid(wanted, signal),
          api.folders(wanted.path, signal),
        ]);
        if (signal.aborted) return;
        setProblem(undefined);
        setFolders(inner);
        setShown({ ...dataOf(api, wanted, answer), isUpdate });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof CallError && error.status === 401) location.reload();
        else if (error instanceof CallError) setProblem(error);
        else throw error;
      }
    },
    [api],
  );

  const gridKey = urlOf({ ...view, image: undefined }, '');
  useEffect(() => {
    const abort = new AbortController();
    document.title = [...(view.path === '' ? [] : [view.path.split('/').at(-1)]), title].join(' · ');
    setSelection(new Set());
    void load(view, false, abort.signal);
    return () => abort.abort();
  }, [gridKey]);

  // The folder may change, and the server may be away for a while.
  useEffect(() => {
    const abort = new AbortController();
    const look = async () => {
      const { view: now, shown: last } = current.current;
      if (document.hidden) return;
      try {
        if (last && last.isComplete && !problem && (await api.isOf(last.generation))) return;
        await load(now, true, abort.signal);
      } catch (error) {
        if (error instanceof CallError && !abort.signal.aborted) setProblem(error);
      }
    };
    const timer = setInterval(() => void look(), LOOK_EVERY);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [problem, load]);

  useEffect(() => {
    const onPop = () => setView(viewAt(new URL(location.href), base));
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);

  const go = (next: View) => {
    history.pushState(null, '', urlOf(next, base));
    setView(next);
  };
  const replace = (next: View) => {
    history.replaceState(null, '', urlOf(next, base));
    setView(next);
  };

  // The image that the URL names.
  useEffect(() => {
    if (view.image === undefined) {
      setImage(undefined);
      return;
    }
    if (image?.name === view.image) return;
    let isOver = false;
    api.image(view.image).then(
      (found) => !isOver && setImage(found),
      (error: unknown) => {
        if (isOver) return;
        const isMissing = error instanceof CallError && (error.status === 404 || error.status === 403);
        if (isMissing)
          setImage({
            name: view.image!,
            size: 0,
            modified: new Date(0).toISOString(),
            version: '',
            isGone: true,
          });
        else if (error instanceof CallError) setProblem(error);
      },
    );
    return () => {
      isOver = true;
    };
  }, [view.image]);

  const open = async (index: number) => {
    const found = await grid.current?.image(index).catch(() => undefined);
    if (!found) return;
    setImage(found);
    go({ ...current.current.view, image: found.name });
  };
  const step = async (by: -1 | 1) => {
    const from = grid.current?.current ?? 0;
    const to = from + by;
    if (!grid.current || to < 0 || to >= grid.current.count) return;
    grid.current.goTo(to, { hasFocus: false });
    const found = await grid.current.image(to).catch(() => undefined);
    if (!found) return;
    setImage(found);
    replace({ ...current.current.view, image: found.name });
  };
  const close = () => {
    setDetails(false);
    if (history.state === null && history.length > 1 && cameFromHere.current) history.back();
    else replace({ ...view, image: undefined });
    requestAnimationFrame(() => grid.current?.goTo(grid.current.current, { hasFocus: true }));
  };
  const cameFromHere = useRef(false);
  useEffect(() => {
    if (view.image === undefined) cameFromHere.current = true;
  }, [view.image]);

  const toggle = async (index: number, isRange: boolean) => {
    const [from, to] = isRange
      ? [Math.min(anchor.current, index), Math.max(anchor.current, index)]
      : [index, index];
    const images = await Promise.all(
      Array.from({ length: to - from + 1 }, (_, i) => grid.current?.image(from + i).catch(() => undefined)),
    );
    const names = images.flatMap((one) => (one ? [one.name] : []));
    anchor.current = index;
    setSelection((before) => toggled(before, names, isRange));
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search';
      if (event.key === 'Escape' && isTyping) return (event.target as HTMLElement).blur();
      if (isTyping || hasHelp || view.image !== undefined || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (event.key === '/') document.getElementById('search')?.focus();
      else if (event.key === '?') setHelp(true);
      else if (event.key === 'Escape') setSelection(new Set());
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [hasHelp, view.image]);

  const count = shown?.data.ratios.length;
  const at = grid.current?.current ?? 0;
  const place =
    image && grid.current?.known(at)?.name === image.name ? { index: at, total: count ?? 0 } : undefined;
  const ahead = [at + 1, at - 1].flatMap((index) => grid.current?.known(index) ?? []);
  return (
    <div class="app">
      <Bar
        {...{ base, title, view, count, rowHeight, go, replace }}
        hasLogout={settings.hasLogout}
        setRowHeight={(height) => {
          setRowHeight(height);
          store('reso.rowHeight', String(height));
        }}
        switchTheme={switchTheme}
        showHelp={() => setHelp(true)}
      />
      <main class="content" ref={setScroller}>
        <h1 class="hidden">{title}</h1>
        <Folders {...{ base, view, folders, go }} />
        {scroller && (
          <GridView
            data={shown?.data}
            isUpdate={shown?.isUpdate === true}
            {...{ rowHeight, selection, scroller }}
            onReady={(made) => (grid.current = made)}
            open={(index) => void open(index)}
            toggle={(index, isRange) => void toggle(index, isRange)}
            source={(one, width) => api.rendition(one, width)}
            fail={(error) => {
              // There is a newer list: it comes with the next look.
              if (error instanceof CallError && error.status !== 409) setProblem(error);
            }}
          />
        )}
        {count === 0 && folders.length === 0 && !problem && <Empty view={view} />}
        {!shown && problem && <Empty view={view} problem={problem} />}
      </main>
      <SelectionBar names={selection} clear={() => setSelection(new Set())} say={say} />
      {image && view.image === image.name && (
        <Viewer
          {...{ api, image, place, hasDetails, ahead, say, close }}
          assets={settings.assets}
          isSelected={selection.has(image.name)}
          step={(by) => void step(by)}
          toggleSelected={() => setSelection((before) => toggled(before, [image.name], false))}
          toggleDetails={() => setDetails((before) => !before)}
        />
      )}
      {hasHelp && <Help close={() => setHelp(false)} />}
      <div role="status" class={notice === undefined && !(shown && problem) ? 'hidden' : 'notice'}>
        {notice ?? (shown && problem ? `${problem.message} Trying again…` : '')}
      </div>
    </div>
  );
}

function dataOf(api: Api, view: View, { generation, ratios, isComplete }: GridAnswer) {
  const load = (from: number, count: number, signal: AbortSignal) =>
    api.window(view, { generation, from, count }, signal);
  return { data: { ratios, load }, generation, isComplete };
}

/** A range is added; one image is added, or taken out if it was in. */
function toggled(
  before: ReadonlySet<string>,
  names: readonly string[],
  isRange: boolean,
): ReadonlySet<string> {
  const after = new Set(before);
  for (const name of names) if (isRange || !after.delete(name)) after.add(name);
  return after;
}

function useNotice(): [string | undefined, (message: string) => void] {
  const [notice, setNotice] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const say = (message: string) => {
    clearTimeout(timer.current);
    setNotice(message);
    timer.current = setTimeout(() => setNotice(undefined), NOTICE_FOR);
  };
  return [notice, say];
}

function switchTheme(): void {
  const root = document.documentElement;
  const isDark = root.dataset['theme']
    ? root.dataset['theme'] === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset['theme'] = isDark ? 'light' : 'dark';
  store('reso.theme', root.dataset['theme']);
}

function storedNumber(key: string, otherwise: number): number {
  const value = Number(stored(key));
  return value >= 96 && value <= 360 ? value : otherwise;
}

export function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing shows what is usual.
  }
}
