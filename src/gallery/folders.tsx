import { Link } from './bar';
import type { View } from './view';

interface FoldersProps {
  readonly base: string;
  readonly view: View;
  readonly folders: readonly string[];
  go(view: View): void;
}

/** The folders within the one that is shown. */
export function Folders({ base, view, folders, go }: FoldersProps) {
  if (folders.length === 0 || view.search !== '' || view.isDeep) return null;
  return (
    <ul class="folders" aria-label="Folders">
      {folders.map((folder) => {
        const path = view.path === '' ? folder : `${view.path}/${folder}`;
        return (
          <li key={folder}>
            <Link base={base} view={{ ...view, path, image: undefined }} go={go}>
              {folder}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
