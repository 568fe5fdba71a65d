import { createSHA256 } from 'hash-wasm';

/** Downloads a URL, hashes it piece by piece, and posts its progress. */
async function run(url: string): Promise<string> {
  const [hash, answer] = await Promise.all([createSHA256(), fetch(url, { cache: 'no-store' })]);
  if (!answer.ok || !answer.body) throw new Error(`the server answered with status ${answer.status}.`);
  const reader = answer.body.getReader();
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    hash.update(part.value);
    bytes += part.value.length;
    postMessage({ bytes });
  }
  return hash.digest('hex');
}

addEventListener('message', ({ data }: MessageEvent<string>) => {
  run(data).then(
    (sha256) => postMessage({ sha256 }),
    (error: unknown) => postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
