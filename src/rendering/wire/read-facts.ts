import type { Facts } from '../facts';

const TEXTS = ['taken', 'offset', 'camera', 'colorSpace'] as const;
const NUMBERS = ['width', 'height', 'pages'] as const;
const LONGEST_TEXT = 200;

/** Facts as a child gives them; what does not look like one is left out. */
export function readFacts(given: Record<string, unknown>): Facts {
  const facts: { -readonly [member in keyof Facts]: Facts[member] } = {
    format: isText(given.format) ? given.format : 'unknown',
    canRender: given.canRender === true,
  };
  for (const member of TEXTS) if (isText(given[member])) facts[member] = given[member];
  for (const member of NUMBERS) if (isCount(given[member])) facts[member] = given[member];
  const gps = readPlace(given.gps);
  if (gps) facts.gps = gps;
  return facts;
}

function readPlace(value: unknown): Facts['gps'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { latitude, longitude } = value as Record<string, unknown>;
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180)) return undefined;
  return { latitude, longitude };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= most;
}
