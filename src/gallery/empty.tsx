import type { CallError } from './api';
import type { View } from './view';

/** What is shown where there are no images. */
export function Empty({ view, problem }: { readonly view: View; readonly problem?: CallError }) {
  if (problem)
    return (
      <div class="empty" role="alert">
        <h2>{problem.status === 0 ? 'The server does not answer' : 'This can’t be shown'}</h2>
        <p>{problem.status === 0 ? 'It is asked again every few seconds.' : problem.message}</p>
      </div>
    );
  if (view.search !== '')
    return (
      <div class="empty">
        <h2>Nothing found</h2>
        <p>No image here or below has “{view.search}” in its name.</p>
      </div>
    );
  return (
    <div class="empty">
      <h2>No images yet</h2>
      <p>Put some into the folder that is served. They appear here by themselves.</p>
    </div>
  );
}
