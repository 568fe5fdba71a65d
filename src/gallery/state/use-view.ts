import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../grid/grid';
import { gridKeyOf, urlOf, viewAt, type View } from '../view';

/** State kept with an entry of the browser's history. */
interface Step {
  /** The position in the grid. */
  readonly place?: Place;
  /** Whether the previous entry is also a page of the gallery. */
  readonly isOurs?: true;
}

export interface Views {
  readonly view: View;
  /** The position in the grid when this view was left. */
  readonly place: Place | undefined;
  go(view: View): void;
  /** Changes the view without a new history entry. */
  replace(view: View): void;
  /** Leaves the viewer. */
  back(): void;
  /** Remembers the position in the grid. */
  keep(place: Place | undefined): void;
}

/** The view in the URL, and the browser's history: Back returns to the previous position. */
export function useView(base: string): Views {
  const here = () => ({ view: viewAt(new URL(location.href), base), place: stepNow().place });
  const [now, setNow] = useState(here);
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    history.scrollRestoration = 'manual';
    const onPop = () => setNow(here());
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  const replace = (view: View) => {
    const isSame = gridKeyOf(view) === gridKeyOf(latest.current.view);
    const { place, ...rest } = stepNow();
    history.replaceState(isSame && place ? { ...rest, place } : rest, '', urlOf(view, base));
    setNow({ view, place: undefined });
  };
  return {
    ...now,
    replace,
    go(view) {
      const step: Step = { isOurs: true };
      history.pushState(step, '', urlOf(view, base));
      setNow({ view, place: undefined });
    },
    back() {
      if (stepNow().isOurs) history.back();
      else replace({ ...latest.current.view, image: undefined });
    },
    keep(place) {
      if (place) history.replaceState({ ...stepNow(), place }, '');
    },
  };
}

function stepNow(): Step {
  return (history.state ?? {}) as Step;
}
