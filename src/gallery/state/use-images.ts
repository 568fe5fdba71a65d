import { useEffect, useRef, useState } from 'preact/hooks';
import { CallError, type Api, type Edition, type Folder, type GridAnswer } from '../api';
import type { Grid, Place } from '../grid/grid';
import type { Showing } from '../grid/grid-view';
import { gridKeyOf, type View } from '../view';
import { nextChange, untilLookedAt } from './next-change';
import type { Views } from './use-view';

/** Milliseconds after a failure. */
const RETRY_AFTER = 4000;

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
    // If the view has changed, the new one is about to be loaded.
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

  // Begins anew with whatever was loaded last, or went wrong.
  useEffect(() => {
    if (!loaded && !problem) return;
    const abort = new AbortController();
    const { signal } = abort;
    const renew = async () => {
      const { view: wanted, loaded: last, problem: fault } = latest.current;
      const isLoaded = last && gridKeyOf(last.view) === gridKeyOf(wanted);
      if (fault) await untilLookedAt(RETRY_AFTER, signal);
      else if (isLoaded) await nextChange(api, last, signal);
      // Another view is being loaded.
      else return;
      const isStill = isLoaded && fault && (await api.isStill(last.generation, signal));
      const next = isStill
        ? last
        : await (isLoaded
            ? reloadView(api, last, grid.current, signal)
            : loadView(api, wanted, undefined, signal));
      if (!signal.aborted && gridKeyOf(latest.current.view) === gridKeyOf(wanted)) settle(next);
    };
    const follow = (): Promise<void> =>
      renew().catch((error: unknown) => {
        if (signal.aborted) return;
        report(error);
        // It changed again meanwhile.
        if (error instanceof CallError && error.isOutdated) return follow();
      });
    void follow();
    return () => abort.abort();
  }, [loaded, problem, key]);

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
