/** The progress of a verification, or its result. */
export type Proof =
  | { readonly state: 'running'; readonly done: number }
  | { readonly state: 'same' | 'different'; readonly sha256: string }
  | { readonly state: 'failed'; readonly message: string };

/** Up to this size in bytes, the browser's own SHA-256 hashes an image in one piece. */
const MOST_AT_ONCE = 256 * 1_048_576;

interface Claim {
  readonly url: string;
  /** SHA-256 in hexadecimal. */
  readonly expected: string;
  readonly size: number;
  /** The URL of the worker that hashes if the browser can't. */
  readonly worker: string;
}

/** Downloads an original, and compares its SHA-256 with the one that the server states. `tell` receives the progress. */
export async function prove(
  { url, expected, size, worker }: Claim,
  tell: (proof: Proof) => void,
): Promise<void> {
  try {
    tell({ state: 'running', done: 0 });
    // Exists only in secure contexts, although the types say otherwise.
    const subtle = crypto.subtle as SubtleCrypto | undefined;
    const isQuick = subtle !== undefined && size <= MOST_AT_ONCE;
    const sha256 = isQuick ? await digestOf(url, subtle) : await digestInWorker(url, size, worker, tell);
    tell({ state: sha256 === expected ? 'same' : 'different', sha256 });
  } catch (error) {
    const isAway = error instanceof TypeError;
    tell({
      state: 'failed',
      message: isAway ? 'the server does not answer.' : String((error as Error).message),
    });
  }
}

async function digestOf(url: string, subtle: SubtleCrypto): Promise<string> {
  // A copy from the browser's cache would prove nothing.
  const answer = await fetch(url, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`the server answered with status ${answer.status}.`);
  const digest = await subtle.digest('SHA-256', await answer.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Outside a secure context, the browser's own SHA-256 is not available. */
function digestInWorker(
  url: string,
  size: number,
  program: string,
  tell: (proof: Proof) => void,
): Promise<string> {
  const worker = new Worker(program);
  return new Promise<string>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ bytes?: number; sha256?: string; error?: string }>) => {
      if (data.sha256 !== undefined) resolve(data.sha256);
      else if (data.error !== undefined) reject(new Error(data.error));
      else tell({ state: 'running', done: size > 0 ? (data.bytes ?? 0) / size : 0 });
    };
    worker.onerror = () => reject(new Error('the program that hashes could not be started.'));
    worker.postMessage(new URL(url, location.href).href);
  }).finally(() => worker.terminate());
}
