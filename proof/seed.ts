import { randomInt } from 'node:crypto';

const VARIABLE = 'RESO_PROOF_SEED';

/** The seed in RESO_PROOF_SEED, or a random one; printed either way, so that any run can be repeated. */
export function chooseSeed(of: string): number {
  const seed = Number(process.env[VARIABLE] ?? randomInt(2 ** 32));
  if (!Number.isInteger(seed)) throw new Error(`${VARIABLE} must be a whole number`);
  process.stdout.write(`${of}: ${VARIABLE}=${seed}\n`);
  return seed;
}
