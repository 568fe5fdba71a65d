'use strict';

/* What the page reports while it is tested. Runs in the browser, before anything else of the page. */

/** Tasks that kept the page from answering for more than 50 ms: their durations in milliseconds. */
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longTasks.push(duration);
}).observe({ type: 'longtask' });

/** Most nodes that were in the grid at once. */
window.mostNodes = 0;
const countNodes = () => {
  window.mostNodes = Math.max(window.mostNodes, document.querySelectorAll('.grid *').length);
  requestAnimationFrame(countNodes);
};
requestAnimationFrame(countNodes);

const onScreen = () =>
  [...document.querySelectorAll('.cell')].filter((cell) => {
    const { top, bottom } = cell.getBoundingClientRect();
    return bottom > 60 && top < innerHeight;
  });

/** Resolves once all thumbnails on the screen have come, and image `index` is one of them; with the time since navigation. */
window.thumbnailsShown = (index) =>
  new Promise((resolve) => {
    const look = () => {
      const cells = onScreen();
      const isThere = cells.some(({ id }) => id === `cell-${index}`);
      if (isThere && cells.every(({ classList }) => classList.contains('is-loaded')))
        resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });

/** Presses a key on the image that has the focus; milliseconds until all thumbnails around image `index` are shown. */
window.jump = async (key, index) => {
  document.querySelector('.cell[tabindex="0"]').focus();
  const began = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  return (await window.thumbnailsShown(index)) - began;
};
