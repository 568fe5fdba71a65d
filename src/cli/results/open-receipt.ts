import { lazy } from '../lazy';
import type { Receipt } from './report-file';

/** Undefined: nobody wants one. Throws DISK. */
export function openReceipt(path: string | undefined, command: string, server: string): Receipt | undefined {
  return path === undefined ? undefined : new (lazy.receipt().Receipt)(path, command, server);
}

/** `cause` is what ended the batch early, if anything did. */
export function closeReceipt(
  receipt: Receipt | undefined,
  isInterrupted: boolean,
  cause: unknown,
  report: { fail(error: unknown): void },
): void {
  try {
    receipt?.close(isInterrupted, cause);
  } catch (error) {
    report.fail(error);
  }
}
