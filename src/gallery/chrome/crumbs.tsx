import { Fragment } from 'preact';
import { countText } from '../text';
import type { View } from '../view';
import { Link } from './link';

interface CrumbsProps {
  readonly base: string;
  readonly title: string;
  readonly view: View;
  readonly count: number | undefined;
  go(view: View): void;
}

/** The folders above the one that is shown, and how many images there are. */
export function Crumbs({ base, title, view, count, go }: CrumbsProps) {
  const parts = view.path === '' ? [] : view.path.split('/');
  const folders = [title, ...parts].map((label, i) => ({ label, path: parts.slice(0, i).join('/') }));
  return (
    <nav class="crumbs" aria-label="Folders above">
      {folders.map(({ label, path }, i) => (
        <Fragment key={path}>
          {i > 0 && <span aria-hidden="true">/</span>}
          <Link
            view={{ ...view, path, search: '', image: undefined }}
            base={base}
            go={go}
            title={label}
            isHere={i === folders.length - 1}
          >
            {label}
          </Link>
        </Fragment>
      ))}
      {count !== undefined && <span class="count">{countText(count)}</span>}
    </nav>
  );
}
