import { useEffect, useRef } from 'preact/hooks';

const KEYS: readonly (readonly [string, string])[] = [
  ['← ↑ → ↓', 'go from image to image'],
  ['Home End', 'the first, the last'],
  ['Enter', 'look at the image'],
  ['Space', 'select; with Shift all up to it'],
  ['Esc', 'back, or select nothing'],
  ['/', 'search'],
  ['+ − 0', 'zoom in, out, fit'],
  ['I', 'details'],
  ['D', 'download the original'],
  ['F', 'full screen'],
];

/** The keys that work everywhere. */
export function Help({ close }: { close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-label="Keyboard shortcuts">
      <h2>Keyboard shortcuts</h2>
      <dl>
        {KEYS.map(([keys, meaning]) => (
          <>
            <dt>
              {keys.split(' ').map((key) => (
                <>
                  <kbd>{key}</kbd>{' '}
                </>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button class="button is-main" autofocus>
          Close
        </button>
      </form>
    </dialog>
  );
}
