import { describeCause, ResoError, systemCode, type ErrorCode } from '../../errors';
import { EXIT, EXIT_OF, type ExitCode } from './exit-code';

const GO_ON = 'Run the same command again to resume.';
const ASK = 'Ask whoever runs the server.';
const SAME_VERSION = 'Use the same version of reso on both sides.';
const REPORT = 'Please report this.';
const LATER = 'Try again later.';

/** What a person can do about an error whose message says only what happened. */
const ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_FRAME: REPORT,
  BAD_MESSAGE: REPORT,
  UNSUPPORTED_VERSION: SAME_VERSION,
  UNSUPPORTED: SAME_VERSION,
  TOO_MANY_REQUESTS: REPORT,
  TIMEOUT: GO_ON,
  UNAUTHORIZED: ASK,
  FORBIDDEN: ASK,
  UNREADABLE: `Tell whoever runs the server. ${LATER}`,
  UNAVAILABLE: `Tell whoever runs the server. ${LATER}`,
  CHANGED: LATER,
  BUSY: LATER,
  CLOSING: LATER,
  INTERNAL: `${LATER} If it keeps happening, please report it.`,
  UNREACHABLE: 'Check that the server is running and that the address and port are correct.',
  DISCONNECTED: GO_ON,
};

export const MISSING = "File doesn't exist on server.";

/** The server has no image of this name, but something else may have been meant. */
export class NearMiss extends ResoError {
  constructor(name: string, advice: string, cause: ResoError) {
    super('NOT_FOUND', advice, { image: name, cause });
  }
}

/** `similar` has at least one element. Two Unicode forms of a name look the same, so the name alone would not help. */
export function didYouMean(name: string, similar: readonly string[]): string {
  const names = similar.length > 1 ? `${similar.slice(0, -1).join(', ')} or ${similar.at(-1)}` : similar[0]!;
  const asked = `Did you mean ${names}?`;
  if (names.normalize('NFC') !== name.normalize('NFC')) return asked;
  const form = names === names.normalize('NFD') ? 'NFD' : 'NFC';
  return `${asked} It looks the same, but uses a different Unicode form (${form}). 'reso ls' shows the name to copy; a glob works as well.`;
}

export function exitCodeOf(error: unknown): ExitCode {
  if (isWithoutPlace(error)) return EXIT_OF.FOLDER;
  return error instanceof ResoError ? EXIT_OF[error.code] : EXIT.unexpected;
}

/** What failed and what to do, in one line. It does not name the image. */
export function explain(error: unknown): string {
  if (isWithoutPlace(error)) return 'The current folder no longer exists. Change to another one.';
  if (!(error instanceof ResoError)) return `unexpected error: ${sentence(describeCause(error))} ${REPORT}`;
  if (error.code === 'NOT_FOUND') return error instanceof NearMiss ? `${MISSING} ${error.message}` : MISSING;
  const advice = error.code === 'PORT' ? adviceOnPort(error) : ADVICE[error.code];
  return advice === undefined ? sentence(error.message) : `${sentence(error.message)} ${advice}`;
}

function adviceOnPort({ cause }: ResoError): string {
  const isAboutAddress = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(
    systemCode(cause) ?? '',
  );
  return isAboutAddress
    ? 'Choose an address of this machine with --host.'
    : 'Choose another port; 0 picks a free one.';
}

/** The same, after the name of the image, if there is one. */
export function explainOnWhat(error: unknown): string {
  const image = error instanceof ResoError ? error.image : undefined;
  return image === undefined ? explain(error) : `${image}: ${explain(error)}`;
}

/** Whether the current folder is gone. Node's error then says only that there is no such file. */
function isWithoutPlace(error: unknown): boolean {
  return (error as Partial<NodeJS.ErrnoException> | undefined)?.syscall === 'uv_cwd';
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
