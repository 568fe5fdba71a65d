import { send, sendJson } from '../reply';
import { closing } from '../refusals';
import type { AdmittedVisit, Visit } from '../visit';

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
/** Crawlers have no use for millions of renditions. */
const ROBOTS = 'User-agent: *\nDisallow: /renditions/\nDisallow: /tiles/\nDisallow: /api/\n';

/** Whether the process is alive. */
export function health(visit: Visit): void {
  send(visit, 200, TEXT, 'ok\n');
}

/** Whether it can serve requests: the folder is available and the server is not shutting down. */
export async function readiness(visit: Visit): Promise<void> {
  if (visit.context.isDraining()) throw closing();
  await visit.context.catalog.ready();
  sendJson(visit, { status: 'ready' });
}

export async function metrics(visit: AdmittedVisit): Promise<void> {
  const { type, body } = await visit.context.metrics.text();
  send(visit, 200, { 'Content-Type': type, 'Cache-Control': 'no-store' }, body);
}

export function robots(visit: Visit): void {
  send(visit, 200, { ...TEXT, 'Cache-Control': 'max-age=86400' }, ROBOTS);
}
