import { PromptCalls } from './prompt-calls';

/** Shared by all calls of this process. */
export const prompt = new PromptCalls();

/** Reads and writes of at least this many bytes always go to another thread: copying them takes as long as the trip. */
export const LARGE = 262_144;

/** Permissions of a new file, before the umask. */
export const NEW_FILE = 0o666;
