/** A line of a server's log. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
}

/** The lines of a log as JSON; throws where something else is among them. */
export function logLines(log: string): LogLine[] {
  if (log !== '' && !log.endsWith('\n')) throw new Error(`The last line has no end: ${log.slice(-200)}`);
  return log.split('\n').slice(0, -1).map(parseLine);
}

function parseLine(line: string): LogLine {
  try {
    const parsed = JSON.parse(line) as LogLine;
    if (parsed.level && parsed.time && parsed.msg) return parsed;
  } catch {
    // Told below.
  }
  throw new Error(`This is no line of the log: ${line.slice(0, 200)}`);
}
