import type { Api, Folder } from '../api';
import { countOf } from '../text';
import type { View } from '../view';
import { Icon } from './icons';
import { Link } from './link';

/** If there are more folders than this, only their names are shown. */
const MOST_COVERS = 60;
const COVER = 320;

interface FoldersProps {
  readonly api: Api;
  readonly hasThumbnails: boolean;
  readonly view: View;
  readonly folders: readonly Folder[];
  go(view: View): void;
}

/** The subfolders of the current folder, each with its first image. */
export function Folders({ api, hasThumbnails, view, folders, go }: FoldersProps) {
  if (folders.length === 0 || view.search !== '' || view.isDeep) return null;
  const hasCovers = hasThumbnails && folders.length <= MOST_COVERS;
  return (
    <ul class={`folders${hasCovers ? ' has-covers' : ''}`} aria-label={countOf(folders.length, 'folder')}>
      {folders.map(({ name, cover }) => {
        const path = view.path === '' ? name : `${view.path}/${name}`;
        return (
          <li key={name}>
            <Link base={api.base} view={{ ...view, path, image: undefined }} go={go} title={name}>
              {hasCovers && <Cover source={api.rendition(cover, COVER)} />}
              <span class="folder-name">
                <Icon name="folder" />
                <span>{name}</span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function Cover({ source }: { readonly source: string }) {
  const remove = (event: Event) => (event.currentTarget as HTMLElement).remove();
  return (
    <span class="cover">
      <img src={source} alt="" loading="lazy" decoding="async" draggable={false} onError={remove} />
    </span>
  );
}
