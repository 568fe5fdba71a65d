/** Statuses kept; each is normally asked for at once. */
const MOST_KEPT = 500;

const failed = new Map<string, number>();

/** Images say only that they failed: the status is among the browser's timings, which come a moment before or after that. */
new PerformanceObserver((list) => {
  for (const { name, responseStatus } of list.getEntries() as PerformanceResourceTiming[])
    if (responseStatus >= 400) keep(name, responseStatus);
}).observe({ type: 'resource' });

function keep(url: string, status: number): void {
  failed.set(url, status);
  if (failed.size > MOST_KEPT) failed.delete(failed.keys().next().value!);
}

/** The status of the failed response to the latest request for `url`; undefined if there was none, or nobody knows. */
export function takeFailedStatus(url: string): number | undefined {
  const status = failed.get(url);
  failed.delete(url);
  return status;
}
