import type { CallError } from '../api';
import type { View } from '../view';
import { Link } from './link';

interface EmptyProps {
  readonly view: View;
  readonly base: string;
  readonly problem: CallError | undefined;
  go(view: View): void;
}

/** Shown if there are no images. */
export function Empty({ view, base, problem, go }: EmptyProps) {
  const all = { ...view, path: '', search: '', image: undefined };
  const toAll = (
    <Link base={base} view={all} go={go}>
      Show all folders
    </Link>
  );
  if (problem?.status === 0)
    return (
      <Message heading="The server does not answer" isAlert>
        Trying again every few seconds. The images appear as soon as it is back.
      </Message>
    );
  if (problem)
    return (
      <Message heading="This can’t be shown" isAlert action={toAll}>
        {problem.message}
      </Message>
    );
  if (view.search !== '')
    return (
      <Message
        heading="No matches"
        action={
          <Link base={base} view={{ ...view, search: '', image: undefined }} go={go}>
            Clear the search
          </Link>
        }
      >
        No image {view.path === '' ? 'here' : `in “${view.path}”`} has “{view.search}” in its name.
      </Message>
    );
  if (view.path !== '')
    return (
      <Message heading="Nothing here" action={toAll}>
        The folder “{view.path}” has no images, or is no longer there.
      </Message>
    );
  return (
    <Message heading="No images yet">Copy some into the folder on the server: they appear here.</Message>
  );
}

interface MessageProps {
  readonly heading: string;
  readonly isAlert?: boolean;
  readonly action?: preact.ComponentChildren;
  readonly children: preact.ComponentChildren;
}

function Message({ heading, isAlert, action, children }: MessageProps) {
  return (
    <div class="empty" role={isAlert ? 'alert' : undefined}>
      <h2>{heading}</h2>
      <p>{children}</p>
      {action && <p class="action">{action}</p>}
    </div>
  );
}
