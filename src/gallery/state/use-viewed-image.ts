import { useEffect, useRef, useState } from 'preact/hooks';
import { CallError, type Api, type ImageInfo } from '../api';
import type { Grid } from '../grid/grid';
import { grow } from '../grow';
import type { Images } from './use-images';
import type { Views } from './use-view';

/** Milliseconds until the server is asked again for a digest that it was still computing. */
const DIGEST_AFTER = 1500;

export interface Viewed {
  readonly image: ImageInfo;
  /** Its place in the grid; between two where it was deleted; undefined if it is not known. */
  readonly index: number | undefined;
  readonly generation: string | undefined;
}

export interface ViewedImage {
  readonly viewed: Viewed | undefined;
  open(index: number): void;
  step(by: -1 | 1): void;
}

/** The image in the viewer: named in the URL, and found in the grid. */
export function useViewedImage(
  api: Api,
  views: Views,
  { loaded, report }: Images,
  grid: { readonly current: Grid | undefined },
): ViewedImage {
  const [viewed, setViewed] = useState<Viewed>();
  const target = useRef<number>(undefined);
  const latest = useRef({ views, viewed });
  latest.current = { views, viewed };
  const name = views.view.image;
  const generation = loaded?.generation;

  const show = async (index: number, put: (found: Viewed) => void) => {
    target.current = index;
    const image = await grid.current?.image(index).catch(report);
    if (image && target.current === index) put({ image, index, generation });
  };

  useEffect(() => {
    target.current = undefined;
    const before = latest.current.viewed;
    if (name === undefined) return setViewed(undefined);
    if (before?.image.name === name && before.generation === generation) return;
    const abort = new AbortController();
    find(api, name, before, loaded, abort.signal).then(
      (found) => {
        if (abort.signal.aborted) return;
        setViewed(found);
        if (found.index !== undefined) grid.current?.goTo(Math.floor(found.index), { hasFocus: false });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) report(error);
      },
    );
    return () => abort.abort();
  }, [name, generation]);

  // No change of the folder tells that the digest is known now.
  useEffect(() => {
    if (!viewed || viewed.image.isGone || viewed.image.sha256 !== undefined) return;
    const abort = new AbortController();
    const again = async () => {
      const image = await api.image(viewed.image.name, abort.signal).catch(() => viewed.image);
      if (!abort.signal.aborted) setViewed({ ...viewed, image });
    };
    const timer = setTimeout(() => void again(), DIGEST_AFTER);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [viewed]);

  return {
    viewed: name === undefined || viewed?.image.name !== name ? undefined : viewed,
    open(index) {
      void show(index, (found) => {
        grow(grid.current?.elementOf(index), () => {
          setViewed(found);
          const { keep, go, view } = latest.current.views;
          keep(grid.current?.place);
          go({ ...view, image: found.image.name });
        });
      });
    },
    step(by) {
      const from = target.current ?? latest.current.viewed?.index;
      if (from === undefined || !grid.current) return;
      const to = by < 0 ? Math.ceil(from) - 1 : Math.floor(from) + 1;
      if (to < 0 || to >= grid.current.count) return;
      grid.current.goTo(to, { hasFocus: false });
      void show(to, (found) => {
        setViewed(found);
        const { replace, view } = latest.current.views;
        replace({ ...view, image: found.image.name });
      });
    },
  };
}

/** The current data of an image, and its place. */
async function find(
  api: Api,
  name: string,
  before: Viewed | undefined,
  loaded: Images['loaded'],
  signal: AbortSignal,
): Promise<Viewed> {
  const [image, places] = await Promise.all([
    api.image(name, signal).catch((error: unknown) => goneOr(error, name)),
    loaded ? api.places(loaded, [name], signal).catch(() => []) : [],
  ]);
  const last = before?.image.name === name ? before.index : undefined;
  // The image after a deleted one now has its place.
  const index = places[0] ?? (last === undefined ? undefined : Math.ceil(last) - 0.5);
  return { image, index, generation: loaded?.generation };
}

function goneOr(error: unknown, name: string): ImageInfo {
  if (!(error instanceof CallError) || !error.isMissing) throw error;
  return { name, size: 0, modified: new Date(0).toISOString(), version: '', isGone: true };
}
