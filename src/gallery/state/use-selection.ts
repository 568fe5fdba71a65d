import { useRef, useState } from 'preact/hooks';
import type { Api, Edition } from '../api';

export interface Selection {
  /** Also from other folders: images stay selected until they are deselected. */
  readonly names: ReadonlySet<string>;
  /** Adds the images at some places of a view, or toggles a single one. */
  toggle(edition: Edition, index: number, from?: number): Promise<void>;
  addAll(edition: Edition, count: number): Promise<void>;
  toggleName(name: string): void;
  clear(): void;
}

/** The selected images. */
export function useSelection(api: Api): Selection {
  const [names, setNames] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<{ generation: string; index: number }>(undefined);
  const add = (more: readonly string[]) => setNames((before) => new Set([...before, ...more]));
  const toggleName = (name: string) => setNames((before) => toggled(before, name));
  return {
    names,
    toggleName,
    async toggle(edition, index, from) {
      const { generation } = edition;
      const known = anchor.current?.generation === generation ? anchor.current.index : undefined;
      anchor.current = { generation, index };
      if (from === undefined) {
        const [name] = await api.names(edition, index, index);
        if (name !== undefined) toggleName(name);
      } else {
        const start = known ?? from;
        add(await api.names(edition, Math.min(start, index), Math.max(start, index)));
      }
    },
    async addAll(edition, count) {
      add(await api.names(edition, 0, count - 1));
    },
    clear() {
      anchor.current = undefined;
      setNames(new Set());
    },
  };
}

export function toggled(before: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(name)) after.add(name);
  return after;
}
