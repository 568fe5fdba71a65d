export { formatSize as sizeText } from '../web/pages/size';

/** `1 folder`, `2,000 folders`. */
export function countOf(count: number, thing: string): string {
  return `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`;
}

export function countText(count: number): string {
  return countOf(count, 'image');
}

/** A camera's clock has no time zone: it is shown as it is. */
export function takenText(taken: string, offset: string | undefined): string {
  const [date = '', time = ''] = taken.split('T');
  return `${dateText(new Date(`${date}T12:00:00Z`))}, ${time}${offset === undefined ? '' : ` (UTC${offset})`}`;
}

export function momentText(moment: string): string {
  const date = new Date(moment);
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}, ${date.toLocaleTimeString('en-GB')}`;
}

function dateText(date: Date): string {
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

export function fileOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** A name relative to a folder. */
export function nameWithin(path: string, name: string): string {
  return path !== '' && name.startsWith(`${path}/`) ? name.slice(path.length + 1) : name;
}

/** `JPEG`; the extension of the name if the format is not known yet. */
export function formatText(name: string, format: string | undefined): string {
  if (format !== undefined && format !== 'unknown') return format.toUpperCase();
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 ? name.slice(dot + 1).toUpperCase() : 'FILE';
}
