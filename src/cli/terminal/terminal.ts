import { escapeForDisplay } from '../../names';
import { isOneTerminal, standardError, standardOutput, type Output } from './output';

const CLEAR_LINE = '\r\x1b[2K';
const CLEAR_REST = '\x1b[K';
const CLEAR_BELOW = '\r\x1b[J';

/** Milliseconds for which lines are gathered while a status is shown: each write draws it again. */
const GATHERING = 16;

/** What the terminals behind stdout and stderr can do. */
export interface Abilities {
  /** A line on stderr can be written over. */
  readonly canRedraw: boolean;
  /** The same for stdout. */
  readonly canEdit: boolean;
  /** Of stderr. */
  readonly hasColor: boolean;
  /** Both are one terminal. */
  readonly isShared: boolean;
}

/** Results on stdout, messages on stderr, and below both one line that is written over again and again. */
export class Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #abilities: Abilities;
  #status: string | undefined;
  /** Lines that go above the status with the next write. */
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(
    stdout = standardOutput(),
    stderr = standardError(),
    abilities = abilitiesOf(stdout, stderr, process.env),
  ) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.#abilities = abilities;
  }

  /** Whether a status can be shown. */
  get canRedraw(): boolean {
    return this.#abilities.canRedraw;
  }

  /** Whether a person can edit a line on stdout. */
  get canEdit(): boolean {
    return this.#abilities.canEdit;
  }

  /** A name as it may go to stdout: as it is for programs, made visible for people. */
  shown(name: string): string {
    return this.stdout.isTerminal ? escapeForDisplay(name) : name;
  }

  /** A line of results, or, while there is no status, a part of one. */
  print(text: string): Promise<void> {
    if (this.#status === undefined || !this.#abilities.isShared) return this.stdout.write(text);
    this.#addAbove(text);
    return Promise.resolve();
  }

  /** A message for people. */
  say(message: string): void {
    this.#say(escapeForDisplay(message));
  }

  /** A message about what went wrong. */
  fail(message: string): void {
    const text = escapeForDisplay(message);
    this.#say(this.#abilities.hasColor ? `\x1b[31m${text}\x1b[39m` : text);
  }

  /** `text` for the status, less noticeable than the rest of it. */
  dimmed(text: string): string {
    return this.#abilities.hasColor ? `\x1b[2m${text}\x1b[22m` : text;
  }

  showStatus(line: string): void {
    this.#status = line;
    this.#draw();
  }

  /** Draws `line` on a terminal whose size has changed, which may have wrapped the status of before. */
  showStatusAnew(line: string): void {
    void this.stderr.write(CLEAR_BELOW);
    this.showStatus(line);
  }

  clearStatus(): void {
    if (this.#status === undefined) return;
    this.#status = undefined;
    void this.stderr.write(CLEAR_LINE + this.#takeLines());
  }

  async flush(): Promise<void> {
    if (this.#lines !== '') this.#draw();
    await Promise.all([this.stdout.flush(), this.stderr.flush()]);
  }

  #say(text: string): void {
    if (this.#status === undefined) void this.stderr.write(`${text}\n`);
    else this.#addAbove(`${text}\n`);
  }

  #addAbove(lines: string): void {
    this.#lines += lines;
    this.#timer ??= setTimeout(() => this.#draw(), GATHERING);
  }

  /** In one write, so that it does not flicker. The cursor stays in front: a terminal that wraps the line keeps it there. */
  #draw(): void {
    const lines = this.#takeLines();
    const above = lines === '' ? '\r' : CLEAR_LINE + lines;
    void this.stderr.write(`${above}${this.#status ?? ''}${CLEAR_REST}\r`);
  }

  #takeLines(): string {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    return lines;
  }
}

/** See no-color.org for NO_COLOR. */
export function abilitiesOf(
  stdout: Output,
  stderr: Output,
  env: Readonly<Record<string, string | undefined>>,
): Abilities {
  const isDumb = env['TERM'] === 'dumb';
  const canRedraw = stderr.isTerminal && !isDumb;
  return {
    canRedraw,
    canEdit: stdout.isTerminal && !isDumb,
    hasColor: canRedraw && !env['NO_COLOR'],
    isShared: stdout.isTerminal && stderr.isTerminal && isOneTerminal(),
  };
}
