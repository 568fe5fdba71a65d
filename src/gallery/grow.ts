/** One transition name for the opened thumbnail and the picture in the viewer, so that one grows into the other. */
const NAME = 'picture';

/** Opens the viewer by `change`. The thumbnail grows into the image, if the browser supports it and the person wants motion. */
export function grow(thumbnail: HTMLElement | undefined, change: () => void): void {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!thumbnail || isStill || !('startViewTransition' in document)) return change();
  thumbnail.style.viewTransitionName = NAME;
  const transition = document.startViewTransition(async () => {
    thumbnail.style.viewTransitionName = '';
    change();
    // Preact renders after the current task.
    await new Promise((resolve) => setTimeout(resolve));
  });
  // An interrupted transition does no harm.
  transition.finished.catch(() => undefined);
  transition.ready.catch(() => undefined);
}
