import { useState } from 'preact/hooks';
import type { ImageInfo } from '../api';
import { copied } from '../selection-bar';
import { fileOf, momentText, shellWord, sizeText, takenText } from '../text';
import { prove, type Proof } from './verify';

interface DetailsProps {
  readonly image: ImageInfo;
  readonly original: string;
  /** The program that hashes where the browser can't. */
  readonly worker: string;
  say(message: string): void;
}

/** What is known of an image, and what proves it. */
export function Details({ image, original, worker, say }: DetailsProps) {
  const [proof, setProof] = useState<Proof>();
  const { name, facts, sha256 } = image;
  const copy = async (text: string, what: string) =>
    say((await copied(text)) ? `${what} copied.` : 'This browser copies nothing without HTTPS.');
  const link = `${location.origin}${original}${sha256 === undefined ? '' : `?v=${sha256.slice(0, 12)}`}`;
  return (
    <aside class="drawer" aria-label="Details">
      <h2>{fileOf(name)}</h2>
      <dl>
        <Row label="Where" value={name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined} />
        <Row label="Pixels" value={facts?.width && `${facts.width} × ${facts.height}`} />
        <Row label="Format" value={facts && facts.format !== 'unknown' && facts.format.toUpperCase()} />
        <Row label="Pages" value={facts?.pages} />
        <Row label="Size" value={`${sizeText(image.size)} (${image.size.toLocaleString('en-US')} bytes)`} />
        <Row label="Taken" value={facts?.taken && takenText(facts.taken, facts.offset)} />
        <Row label="Camera" value={facts?.camera} />
        <Row label="Colour" value={facts?.colorSpace} />
        <Row label="Place" value={facts?.gps && `${facts.gps.latitude}, ${facts.gps.longitude}`} />
        <Row label="Changed" value={momentText(image.modified)} />
        <Row label="SHA-256" value={sha256} />
      </dl>
      <div class="actions">
        <a class="button is-main" href={`${original}?download`} download={fileOf(name)}>
          Download original
        </a>
        <button
          class="button"
          onClick={() => void copy(`reso get -s ${location.hostname} ${shellWord(name)}`, 'Command')}
        >
          Copy as reso get
        </button>
        <button class="button" onClick={() => void copy(link, 'Link')}>
          Copy link to original
        </button>
        {sha256 !== undefined && (
          <button
            class="button"
            disabled={proof?.state === 'running'}
            onClick={() => void prove(original, sha256, image.size, worker, setProof)}
          >
            Verify original
          </button>
        )}
      </div>
      <p class="proof" role="status">
        {proof
          ? proofText(proof)
          : sha256 === undefined && 'The server is still computing the SHA-256 of this image.'}
      </p>
    </aside>
  );
}

function Row({
  label,
  value,
}: {
  readonly label: string;
  readonly value: string | number | false | undefined;
}) {
  if (value === undefined || value === false || value === '' || value === 0) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

function proofText(proof: Proof) {
  switch (proof.state) {
    case 'running':
      return `Fetching and hashing the original… ${proof.done > 0 ? `${Math.round(proof.done * 100)}%` : ''}`;
    case 'same':
      return (
        <>
          <b>✓ Verified.</b> The bytes that came have the SHA-256 that the server tells: nothing was damaged
          on the way. A server that lies could lie here, too; <code>reso verify --locked</code> proves against
          a lock file of your own.
        </>
      );
    case 'different':
      return (
        <>
          <b>Not the same.</b> What came has the SHA-256 {proof.sha256}. The image may have changed just now:
          load it again.
        </>
      );
    case 'failed':
      return `It could not be verified: ${proof.message}`;
  }
}
