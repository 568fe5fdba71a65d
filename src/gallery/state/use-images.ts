import { useEffect, useRef, useState } from 'preact/hooks';
import { CallError, type Api, type Edition, type Folder, type GridAnswer } from '../api';
import type { Grid, Place } from '../grid/grid';
import type { Showing } from '../grid/grid-view';
import { gridKeyOf, type View } from '../view';
import type { Views } from './use-view';

/** Milliseconds between two checks for changes. */
const LOOK_EVERY = 4000;
/** The same while the server is still reading dimensions of images. */
const LOOKS_UNTIL_RELOAD = 4;

/** What the server has sent for a view. */
export interface Loaded extends Edition {
  readonly folders: readonly Folder[];
  readonly showing: Showing;
  readonly isComplete: boolean;
}

export interface Images {
  /** Data of this view, or of the previous one while this one is loading. */
  readonly loaded: Loaded | undefined;
  readonly isLoading: boolean;
  /** Why there is nothing, or nothing newer. */
  readonly problem: CallError | undefined;
  /** Reports a failed call. */
  report(error: unknown): void;
}

const TOP: Place = { index: 0, offset: -Infinity, current: 0 };

/** Loads the images of a view, and again whenever the folder changes or the server comes back. */
export function useImages(
  api: Api,
  { view, place }: Views,
  grid: { readonly current: Grid | undefined },
): Images {
  const [loaded, setLoaded] = useState<Loaded>();
  const [problem, setProblem] = useState<CallError>();
  const key = gridKeyOf(view);
  const latest = useRef({ view, loaded, problem });
  latest.current = { view, loaded, problem };
  const report = (error: unknown) => {
    // Aborted calls are not errors.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    if (!(error instanceof CallError)) throw error;
    // The login page returns to this view.
    if (error.status === 401) location.reload();
    // If the view has changed, the next check loads the new one.
    else if (!error.isOutdated) setProblem(error);
  };
  const settle = (next: Loaded) => {
    if (latest.current.problem) grid.current?.recover();
    setProblem(undefined);
    setLoaded(next);
  };

  useEffect(() => {
    const abort = new AbortController();
    loadView(api, view, place, abort.signal).then(settle, (error: unknown) => {
      if (!abort.signal.aborted) report(error);
    });
    return () => abort.abort();
  }, [key]);

  useEffect(() => {
    const abort = new AbortController();
    let looks = 0;
    const look = async () => {
      const { view: wanted, loaded: last, problem: fault } = latest.current;
      const isLoaded = last && gridKeyOf(last.view) === gridKeyOf(wanted);
      if (document.hidden || (!isLoaded && !fault)) return;
      try {
        const isStill = isLoaded && (await api.isStill(last.generation, abort.signal));
        const isSettled = isStill && (last.isComplete || ++looks % LOOKS_UNTIL_RELOAD !== 0);
        const next =
          isStill && isSettled
            ? last
            : await (isLoaded
                ? reloadView(api, last, grid.current, abort.signal)
                : loadView(api, wanted, undefined, abort.signal));
        if (abort.signal.aborted || gridKeyOf(latest.current.view) !== gridKeyOf(wanted)) return;
        if (next !== last || fault) settle(next);
      } catch (error) {
        if (!abort.signal.aborted) report(error);
      }
    };
    return repeat(look, LOOK_EVERY, abort);
  }, []);

  const isLoading = !problem && (!loaded || gridKeyOf(loaded.view) !== key);
  return { loaded, isLoading, problem, report };
}

async function loadView(
  api: Api,
  view: View,
  place: Place | undefined,
  signal: AbortSignal,
): Promise<Loaded> {
  const [answer, folders] = await Promise.all([api.grid(view, signal), api.folders(view.path, signal)]);
  const edition = { view, generation: answer.generation };
  const [index] =
    view.image === undefined ? [] : await api.places(edition, [view.image], signal).catch(() => []);
  const start = index === undefined ? (place ?? TOP) : { ...(place ?? { index, offset: 0 }), current: index };
  return {
    ...edition,
    folders,
    isComplete: answer.isComplete,
    showing: showingOf(api, edition, answer, start, undefined),
  };
}

/** Keeps the visible images in place, whatever was added or removed before them. */
async function reloadView(
  api: Api,
  last: Loaded,
  grid: Grid | undefined,
  signal: AbortSignal,
): Promise<Loaded> {
  const { view } = last;
  const [answer, folders] = await Promise.all([api.grid(view, signal), api.folders(view.path, signal)]);
  const edition = { view, generation: answer.generation };
  const place = grid?.place ?? TOP;
  const names = [place.index, place.current].map((index) => grid?.known(index)?.name ?? '');
  const [index = place.index, current = place.current] =
    answer.generation === last.generation ? [] : await api.places(edition, names, signal);
  const isAtTop = place.index === 0;
  const start = { index: isAtTop ? 0 : index, offset: place.offset, current };
  const showing = showingOf(api, edition, answer, start, isAtTop ? 0 : index - place.index);
  return { ...edition, folders, isComplete: answer.isComplete, showing };
}

function showingOf(
  api: Api,
  edition: Edition,
  { ratios }: GridAnswer,
  place: Place,
  shift: number | undefined,
): Showing {
  const load = (from: number, count: number, signal: AbortSignal) => api.window(edition, from, count, signal);
  return { data: { ratios, load }, place, shift };
}

/** Runs `act` repeatedly, with a pause in between, and at once when the page becomes visible again. */
function repeat(act: () => Promise<void>, pause: number, abort: AbortController): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let isRunning = false;
  const run = async () => {
    clearTimeout(timer);
    if (isRunning) return;
    isRunning = true;
    await act();
    isRunning = false;
    if (!abort.signal.aborted) timer = setTimeout(() => void run(), pause);
  };
  timer = setTimeout(() => void run(), pause);
  document.addEventListener('visibilitychange', () => void run(), { signal: abort.signal });
  addEventListener('online', () => void run(), { signal: abort.signal });
  return () => {
    clearTimeout(timer);
    abort.abort();
  };
}
