import type { AdmittedVisit, Visit } from '../visit';
import { callApi } from './api';
import { sendAsset } from '../assets';
import { browse, browseRoot } from './browse';
import { sendImage } from './images';
import { sendRendition } from './renditions';
import { endSession, showLogin, startSession } from './session';
import { sendTile } from './tiles';
import { health, metrics, readiness, robots } from './status';

interface Common {
  /** Label in the metrics: never the name of an image. */
  readonly label: string;
  /** Names with a label of their own. */
  readonly labels?: ReadonlyMap<string, string>;
  readonly method: 'GET' | 'POST';
  /** Whether the path continues after its first segment. */
  readonly hasName: boolean;
  /** Whether `--cors` allows it to pages from other origins. */
  readonly isForOthers?: true;
  /** Whether it is the same on every server, so that a website learns nothing from it and any host name may be used. */
  readonly isForAnyHost?: true;
  /** Whether the name is that of one image, which the visitor must be allowed to read. */
  readonly isOneImage?: true;
}

/** What the first segment of a path leads to. */
export type Route = Common &
  (
    | { readonly needsGrant: true; readonly run: (visit: AdmittedVisit) => Promise<void> | void }
    | { readonly needsGrant: false; readonly run: (visit: Visit, name: string) => Promise<void> | void }
  );

const image = { method: 'GET', hasName: true, isOneImage: true, needsGrant: true } as const;
const page = { method: 'GET', needsGrant: true } as const;
const open = { method: 'GET', hasName: false, needsGrant: false } as const;

/** Waiting for changes takes long, and must not count as slow. */
const API_LABELS = new Map([['changes', 'changes']]);

export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['', { ...page, label: 'root', hasName: false, run: browseRoot }],
  ['browse', { ...page, label: 'browse', hasName: true, run: browse }],
  ['images', { ...image, label: 'images', isForOthers: true, run: sendImage }],
  ['renditions', { ...image, label: 'renditions', run: sendRendition }],
  ['tiles', { ...image, label: 'tiles', run: sendTile }],
  ['api', { ...page, label: 'api', hasName: true, labels: API_LABELS, run: callApi }],
  ['assets', { ...open, label: 'assets', hasName: true, isForAnyHost: true, run: sendAsset }],
  ['login', { ...open, label: 'login', run: showLogin }],
  ['session', { ...open, label: 'session', method: 'POST', run: startSession }],
  ['logout', { ...open, label: 'logout', method: 'POST', run: endSession }],
  ['healthz', { ...open, label: 'healthz', run: health }],
  ['readyz', { ...open, label: 'readyz', run: readiness }],
  ['metrics', { ...page, label: 'metrics', hasName: false, run: metrics }],
  ['robots.txt', { ...open, label: 'robots', run: robots }],
]);
