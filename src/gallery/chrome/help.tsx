import { useEffect, useRef } from 'preact/hooks';

const KEYS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Images',
    [
      ['← ↑ → ↓', 'go from image to image'],
      ['Home End', 'first, last'],
      ['PgUp PgDn', 'a screen up, down'],
      ['Enter', 'open the image'],
      ['Space', 'select; with Shift, all up to it'],
      ['Ctrl+A', 'select all'],
      ['Esc', 'clear the selection'],
      ['/', 'search'],
    ],
  ],
  [
    'One image',
    [
      ['← →', 'previous, next'],
      ['+ − 0', 'zoom in, out, fit'],
      ['Space', 'select'],
      ['I', 'details'],
      ['D', 'download the original'],
      ['F', 'full screen'],
      ['Esc', 'back'],
    ],
  ],
];

/** The list of keyboard shortcuts. */
export function Help({ close }: { close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const closeOutside = (event: MouseEvent) => {
    if (event.target === dialog.current) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} onClose={close} onClick={closeOutside} aria-labelledby="help-heading">
      <div class="help">
        <h2 id="help-heading">Keyboard shortcuts</h2>
        {KEYS.map(([where, keys]) => (
          <section>
            <h3>{where}</h3>
            <dl>
              {keys.map(([names, meaning]) => (
                <div>
                  <dt>
                    {names.split(' ').map((key) => (
                      <kbd>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <form method="dialog">
          <button class="button is-main" autofocus>
            Close
          </button>
        </form>
      </div>
    </dialog>
  );
}
