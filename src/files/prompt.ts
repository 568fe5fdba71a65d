import { PromptCalls } from './prompt-calls';

/** What all calls of this process are judged by. */
export const prompt = new PromptCalls();

/** Bytes from which on a read or write is always left to another thread: copying them takes as long as the trip. */
export const LARGE = 262_144;

/** Permissions of a new file, before the umask. */
export const NEW_FILE = 0o666;
