import { useEffect, useRef } from 'preact/hooks';

interface PageKeys {
  /** Whether the viewer or a dialog handles the keyboard. */
  readonly isCovered: boolean;
  search(): void;
  showHelp(): void;
  clearSelection(): void;
}

/** Keyboard shortcuts that work anywhere, besides those of the grid and the viewer. */
export function usePageKeys(keys: PageKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { isCovered, search, showHelp, clearSelection } = latest.current;
      if (isCovered || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '/') search();
      else if (event.key === '?') showHelp();
      else if (event.key === 'Escape') clearSelection();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'search';
}
