import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../grid/grid';
import { gridKeyOf, urlOf, viewAt, type View } from '../view';

/** What the browser keeps with a step of its history. */
interface Step {
  /** Where the person was in the grid. */
  readonly place?: Place;
  /** The step before it is a page of the gallery, too. */
  readonly isOurs?: true;
}

export interface Views {
  readonly view: View;
  /** Where the person was when this view was left. */
  readonly place: Place | undefined;
  go(view: View): void;
  /** Changes the view without a step in the history. */
  replace(view: View): void;
  /** Leaves the viewer. */
  back(): void;
  /** Remembers where in the grid the person is. */
  keep(place: Place | undefined): void;
}

/** The view that the URL shows, and the history of the browser: Back leads to where one was. */
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
