import { useRef } from 'preact/hooks';
import { Icon } from './icons';
import { countText } from './text';
import { ORDERS, urlOf, type Order, type View } from './view';

export interface BarProps {
  readonly base: string;
  readonly title: string;
  readonly view: View;
  readonly count: number | undefined;
  readonly rowHeight: number;
  readonly hasLogout: boolean;
  go(view: View): void;
  /** The same view, without a step in the history. */
  replace(view: View): void;
  setRowHeight(height: number): void;
  switchTheme(): void;
  showHelp(): void;
}

/** Milliseconds without a key before a search begins. */
const PAUSE = 200;

export function Bar(props: BarProps) {
  const { base, view, go } = props;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const search = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => props.replace({ ...view, search: text, image: undefined }), PAUSE);
  };
  return (
    <header class="bar">
      <Crumbs {...props} />
      <input
        id="search"
        class="search"
        type="search"
        placeholder="Search names"
        aria-label="Search names in this folder and below"
        value={view.search}
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            document.querySelector<HTMLElement>('.cell[tabindex="0"]')?.focus();
            event.preventDefault();
          }
        }}
      />
      <select
        class="control"
        aria-label="Sort by"
        value={view.order}
        onChange={(event) => go({ ...view, order: event.currentTarget.value as Order })}
      >
        {Object.entries(ORDERS).map(([order, label]) => (
          <option value={order}>{label}</option>
        ))}
      </select>
      <button
        class="control"
        aria-label={view.isDescending ? 'Descending: sort ascending' : 'Ascending: sort descending'}
        onClick={() => go({ ...view, isDescending: !view.isDescending })}
      >
        <Icon name={view.isDescending ? 'down' : 'up'} />
      </button>
      <button
        class="control"
        aria-pressed={view.isDeep}
        title="Show images of all folders below"
        aria-label="Show images of all folders below"
        onClick={() => go({ ...view, isDeep: !view.isDeep })}
      >
        <Icon name="deep" />
      </button>
      <input
        class="size"
        type="range"
        min="96"
        max="360"
        step="4"
        aria-label="Size of thumbnails"
        value={props.rowHeight}
        onInput={(event) => props.setRowHeight(Number(event.currentTarget.value))}
      />
      <button class="control" aria-label="Light or dark" title="Light or dark" onClick={props.switchTheme}>
        <Icon name="theme" />
      </button>
      <button
        class="control"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={props.showHelp}
      >
        <Icon name="help" />
      </button>
      {props.hasLogout && (
        <form method="post" action={`${base}/logout`}>
          <button class="control">Log out</button>
        </form>
      )}
    </header>
  );
}

function Crumbs({ base, title, view, count, go }: BarProps) {
  const parts = view.path === '' ? [] : view.path.split('/');
  const folders = [title, ...parts].map((label, i) => ({ label, path: parts.slice(0, i).join('/') }));
  return (
    <nav class="crumbs" aria-label="Folders">
      {folders.map(({ label, path }, i) => {
        const there = { ...view, path, search: '', image: undefined };
        return (
          <>
            {i > 0 && <span aria-hidden="true">/</span>}
            <Link view={there} base={base} go={go} isHere={i === folders.length - 1}>
              {label}
            </Link>
          </>
        );
      })}
      {count !== undefined && <span class="count">{countText(count)}</span>}
    </nav>
  );
}

interface LinkProps {
  readonly view: View;
  readonly base: string;
  readonly isHere?: boolean;
  readonly children: preact.ComponentChildren;
  go(view: View): void;
}

/** A link that changes the view without loading the page, unless it is to be opened elsewhere. */
export function Link({ view, base, isHere, children, go }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(view);
  };
  return (
    <a href={urlOf(view, base)} onClick={follow} aria-current={isHere ? 'page' : undefined}>
      {children}
    </a>
  );
}
