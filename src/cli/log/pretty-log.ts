import { styleText } from 'node:util';
import type { Log, LogFields, LogLevel } from '../../index';
import { escapeForDisplay } from '../../names';
import { formatSize } from '../terminal/quantity';

type Level = Exclude<LogLevel, 'silent'>;
type Style = Parameters<typeof styleText>[0];

export interface PrettySettings {
  readonly least: LogLevel;
  readonly isColored: boolean;
}

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];
const MARKS: Readonly<Record<Level, string>> = { debug: '', info: '', warn: 'warning: ', error: 'error: ' };
const STYLES: Readonly<Partial<Record<Level, Style>>> = { debug: 'dim', warn: 'yellow', error: 'red' };
/** The message of a request over HTTP. */
const HTTP = 'http';
/** Room for an IPv4 address with a port, so that what follows is aligned. */
const WHO_COLUMNS = 21;

/** A log for people: the time, who, what, how much and how long. */
export function prettyLog(write: (line: string) => void, { least, isColored }: PrettySettings): Log {
  // Node would look at stdout, where no log goes.
  const painted = (style: Style | undefined, text: string) =>
    isColored && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
  const at = (level: Level) => {
    if (ORDER.indexOf(level) < ORDER.indexOf(least)) return () => undefined;
    return (message: string, fields: LogFields = {}) => {
      const { peer, client, ...about } = fields;
      const text = `${MARKS[level]}${textOf(message, about)}`;
      const style = message !== HTTP && hasFailed(about) ? 'red' : STYLES[level];
      const parts = [painted('dim', clock(new Date())), ...whoText(peer, client), painted(style, text)];
      write(parts.join('  '));
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function textOf(message: string, about: LogFields): string {
  if (message === HTTP) return httpText(about);
  return isAboutImages(about) ? imageText(about) : eventText(message, about);
}

/** Local time: whoever reads this sits in front of it. */
function clock(now: Date): string {
  return now.toTimeString().slice(0, 8);
}

function whoText(peer: LogFields[string], client: LogFields[string]): string[] {
  if (peer === undefined) return [];
  const who = client === undefined ? shown(peer) : `${shown(peer)} ${shown(client)}`;
  return [who.padEnd(WHO_COLUMNS)];
}

function isAboutImages({ request, outcome }: LogFields): boolean {
  return request !== undefined && outcome !== undefined;
}

function hasFailed({ outcome = 'OK', failed = 0 }: LogFields): boolean {
  return outcome !== 'OK' || failed !== 0;
}

/** A request, or one image of a request for many. */
function imageText({ request, name, images, failed, bytes, ms, outcome }: LogFields): string {
  const subject = name ?? (images === undefined ? undefined : counted(Number(images)));
  const what = [request, subject].filter((part) => part !== undefined).map(shown);
  const facts = [
    failed === undefined ? undefined : `${failed} failed`,
    outcome === 'OK' ? undefined : `failed: ${shown(outcome)}`,
    bytes ? formatSize(Number(bytes)) : undefined,
    ms === undefined ? undefined : formatElapsed(Number(ms)),
  ];
  return [what.join(' '), facts.filter((fact) => fact !== undefined).join(', ')].join('  ').trimEnd();
}

/** `GET /images/img.jpg  200, 160.2 KiB, 3 ms`. */
function httpText({ method, path, status, bytes, ms, outcome }: LogFields): string {
  const facts = [
    outcome === undefined ? shown(status) : `${shown(outcome)} after ${shown(status)}`,
    bytes ? formatSize(Number(bytes)) : undefined,
    ms === undefined ? undefined : formatElapsed(Number(ms)),
  ];
  return `${shown(method)} ${shown(path)}  ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}

function counted(images: number): string {
  return images === 1 ? '1 image' : `${images} images`;
}

function eventText(message: string, { code, reason, ...rest }: LogFields): string {
  const details = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${shown(value)}`);
  const why = [code, reason].filter((part) => part !== undefined).map((part) => `: ${shown(part)}`);
  return `${safe(message)}${details.join('')}${why.join('')}`;
}

/** `12 ms`, `1.4 s`, `2 min 5 s`. */
export function formatElapsed(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function shown(value: LogFields[string]): string {
  return escapeForDisplay(String(value));
}

/** Names in a message may be escaped already: their backslashes stay single. */
function safe(message: string): string {
  return message.split('\\').map(escapeForDisplay).join('\\');
}
