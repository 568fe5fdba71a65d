import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons';

interface SearchProps {
  /** The current search. */
  readonly search: string;
  readonly field: RefObject<HTMLInputElement | null>;
  find(text: string): void;
  /** Moves the focus to the images. */
  leave(): void;
}

/** Milliseconds after the last key before a search starts. */
const PAUSE = 200;

export function Search({ search, field, find, leave }: SearchProps) {
  const [text, setText] = useState(search);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(find);
  latest.current = find;
  // The view can also change in other ways, such as the Back button.
  useEffect(() => {
    clearTimeout(timer.current);
    setText(search);
  }, [search]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onInput = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(value), PAUSE);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') field.current?.blur();
    if (event.key === 'Enter') {
      clearTimeout(timer.current);
      latest.current(text);
    }
    if (event.key !== 'Enter' && event.key !== 'ArrowDown' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        placeholder="Search"
        aria-label="Search names in this folder and below"
        title="Search names in this folder and below (/)"
        autocomplete="off"
        spellcheck={false}
        maxLength={256}
        value={text}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={onKey}
      />
    </div>
  );
}
