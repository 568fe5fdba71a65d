/** The thumbnail that is opened, and the picture in the viewer, are one thing that grows. */
const NAME = 'picture';

/** Opens the viewer by `change`; the thumbnail grows into the image where the browser can show that, and the person wants it. */
export function grow(thumbnail: HTMLElement | undefined, change: () => void): void {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!thumbnail || isStill || !('startViewTransition' in document)) return change();
  thumbnail.style.viewTransitionName = NAME;
  const transition = document.startViewTransition(async () => {
    thumbnail.style.viewTransitionName = '';
    change();
    // Preact draws once this turn is over.
    await new Promise((resolve) => setTimeout(resolve));
  });
  // A transition that was cut short has done its work all the same.
  transition.finished.catch(() => undefined);
  transition.ready.catch(() => undefined);
}
