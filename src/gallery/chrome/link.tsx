import type { ComponentChildren } from 'preact';
import { urlOf, type View } from '../view';

interface LinkProps {
  readonly view: View;
  readonly base: string;
  readonly isHere?: boolean;
  readonly title?: string;
  readonly children: ComponentChildren;
  go(view: View): void;
}

/** A link that changes the view without loading a page, unless it is opened in another tab. */
export function Link({ view, base, isHere, title, children, go }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    go(view);
  };
  return (
    <a href={urlOf(view, base)} title={title} onClick={follow} aria-current={isHere ? 'page' : undefined}>
      {children}
    </a>
  );
}
