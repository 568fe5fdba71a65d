import type { RefObject } from 'preact';
import { ROW_HEIGHTS } from '../preferences';
import { ORDERS, type Order, type View } from '../view';
import { Crumbs } from './crumbs';
import { Icon, type IconName } from './icons';
import { Search } from './search';

export interface BarProps {
  readonly base: string;
  readonly title: string;
  readonly view: View;
  readonly count: number | undefined;
  readonly hasFolders: boolean;
  readonly rowHeight: number;
  readonly hasLogout: boolean;
  readonly searchField: RefObject<HTMLInputElement | null>;
  go(view: View): void;
  search(text: string): void;
  leaveSearch(): void;
  setRowHeight(height: number): void;
  switchTheme(): void;
  showHelp(): void;
}

/** The current folder, and display options. */
export function Bar(props: BarProps) {
  const { base, view, go, rowHeight } = props;
  return (
    <header class="bar">
      <Crumbs {...props} />
      <div class="controls">
        <Search
          search={view.search}
          field={props.searchField}
          find={props.search}
          leave={props.leaveSearch}
        />
        <Sort view={view} go={go} />
        {(props.hasFolders || view.isDeep) && (
          <Control
            label="Include folders within"
            icon="deep"
            isPressed={view.isDeep}
            act={() => go({ ...view, isDeep: !view.isDeep })}
          />
        )}
        <input
          class="size"
          type="range"
          min={ROW_HEIGHTS.least}
          max={ROW_HEIGHTS.most}
          step="4"
          aria-label="Thumbnail size"
          title="Thumbnail size"
          value={rowHeight}
          onInput={(event) => props.setRowHeight(Number(event.currentTarget.value))}
        />
      </div>
      <div class="controls is-page">
        <Control label="Switch between light and dark" icon="theme" act={props.switchTheme} />
        <Control label="Keyboard shortcuts (?)" icon="help" act={props.showHelp} />
        {props.hasLogout && (
          <form method="post" action={`${base}/logout`}>
            <Control label="Log out" icon="logout" />
          </form>
        )}
      </div>
    </header>
  );
}

function Sort({ view, go }: Pick<BarProps, 'view' | 'go'>) {
  return (
    <div class="sort">
      <select
        class="control"
        aria-label="Sort by"
        title="Sort by"
        value={view.order}
        onChange={(event) => go({ ...view, order: event.currentTarget.value as Order })}
      >
        {Object.entries(ORDERS).map(([order, label]) => (
          <option value={order}>{label}</option>
        ))}
      </select>
      <Control
        label={view.isDescending ? 'Sort ascending' : 'Sort descending'}
        icon={view.isDescending ? 'down' : 'up'}
        act={() => go({ ...view, isDescending: !view.isDescending })}
      />
    </div>
  );
}

interface ControlProps {
  readonly label: string;
  readonly icon: IconName;
  readonly isPressed?: boolean;
  act?(): void;
}

function Control({ label, icon, isPressed, act }: ControlProps) {
  return (
    <button class="control" title={label} aria-label={label} aria-pressed={isPressed} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}
