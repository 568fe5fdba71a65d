import { useEffect, useState } from 'preact/hooks';

/** Whether there has been no input for this many milliseconds. */
export function useIdle(ms: number): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    const over = new AbortController();
    let timer = setTimeout(() => setIdle(true), ms);
    const wake = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), ms);
    };
    for (const type of ['keydown', 'pointerdown', 'pointermove', 'focusin'])
      addEventListener(type, wake, { signal: over.signal, passive: true });
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [ms]);
  return isIdle;
}
