const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes for people. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

export function countText(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'image' : 'images'}`;
}

/** A camera's clock knows no zone: it is shown as it says. */
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

/** Names that a shell would take for something else stand in single quotes. */
export function shellWord(name: string): string {
  return /^[\w./@%+=:,-]+$/.test(name) && !name.startsWith('-') ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
