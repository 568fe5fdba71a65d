/** What became of a proof. */
export type Proof =
  | { readonly state: 'running'; readonly done: number }
  | { readonly state: 'same' | 'different'; readonly sha256: string }
  | { readonly state: 'failed'; readonly message: string };

/** Bytes up to which an image is hashed in one piece by the browser itself. */
const MOST_AT_ONCE = 256 * 1_048_576;

/** Fetches an original, and compares its SHA-256 to the one that the server told. `tell` hears how far it is. */
export async function prove(
  url: string,
  expected: string,
  size: number,
  worker: string,
  tell: (proof: Proof) => void,
): Promise<void> {
  try {
    tell({ state: 'running', done: 0 });
    const isQuick = window.isSecureContext && size <= MOST_AT_ONCE;
    const sha256 = isQuick ? await digestOf(url) : await digestInWorker(url, size, worker, tell);
    tell({ state: sha256 === expected ? 'same' : 'different', sha256 });
  } catch (error) {
    tell({ state: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function digestOf(url: string): Promise<string> {
  // What the browser has kept proves nothing about the server.
  const answer = await fetch(url, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`The server answers with ${answer.status}.`);
  const digest = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where the page is no secure context the browser's own SHA-256 is out of reach. */
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
    worker.onerror = () => reject(new Error('The proof could not be started.'));
    worker.postMessage(new URL(url, location.href).href);
  }).finally(() => worker.terminate());
}
