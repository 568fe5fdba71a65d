import { useState } from 'preact/hooks';
import type { Api, ImageInfo } from '../api';
import { copied } from '../clipboard';
import { getCommand } from '../command';
import type { Settings } from '../settings';
import { fileOf, momentText, sizeText, takenText } from '../text';
import { prove, type Proof } from './verify';

interface DetailsProps {
  readonly api: Api;
  readonly image: ImageInfo;
  readonly settings: Settings;
  say(message: string): void;
}

/** The facts about an image, and its verification. */
export function Details({ api, image, settings, say }: DetailsProps) {
  const { name, facts, sha256, size } = image;
  const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : undefined;
  return (
    <aside class="drawer" aria-label="Details">
      <h2>{fileOf(name)}</h2>
      <dl>
        <Row label="Folder" value={folder} />
        <Row label="Pixels" value={facts?.width && `${facts.width} × ${facts.height}`} />
        <Row label="Format" value={facts && facts.format !== 'unknown' && facts.format.toUpperCase()} />
        <Row label="Pages" value={facts?.pages} />
        <Row
          label="Size"
          value={!image.isGone && `${sizeText(size)} (${size.toLocaleString('en-US')} bytes)`}
        />
        <Row label="Taken" value={facts?.taken && takenText(facts.taken, facts.offset)} />
        <Row label="Camera" value={facts?.camera} />
        <Row label="Color" value={facts?.colorSpace} />
        <Row label="Location" value={facts?.gps && `${facts.gps.latitude}, ${facts.gps.longitude}`} />
        <Row label="Modified" value={!image.isGone && momentText(image.modified)} />
        <Row label="SHA-256" value={sha256} />
      </dl>
      {!image.isGone && <Actions {...{ api, image, settings, say }} />}
    </aside>
  );
}

function Actions({ api, image, settings, say }: DetailsProps) {
  const [proof, setProof] = useState<Proof>();
  const { name, sha256, size } = image;
  const original = api.original(name);
  const link = `${location.origin}${original}${sha256 === undefined ? '' : `?v=${sha256.slice(0, 12)}`}`;
  const copy = async (text: string, what: string) =>
    say((await copied(text)) ? `${what} copied.` : 'This browser does not allow copying.');
  return (
    <>
      <div class="actions">
        <a class="button is-main" href={`${original}?download`} download={fileOf(name)}>
          Download original
        </a>
        <button class="button" onClick={() => void copy(getCommand([name], settings.protocol), 'Command')}>
          Copy as reso get
        </button>
        <button class="button" onClick={() => void copy(link, 'Link')}>
          Copy link to original
        </button>
        {sha256 !== undefined && (
          <button
            class="button"
            aria-disabled={proof?.state === 'running'}
            onClick={() => {
              if (proof?.state === 'running') return;
              void prove(
                { url: original, expected: sha256, size, worker: settings.assets.hashWorker },
                setProof,
              );
            }}
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
    </>
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
      return `Downloading and hashing the original… ${proof.done > 0 ? `${Math.round(proof.done * 100)}%` : ''}`;
    case 'same':
      return (
        <>
          <b>✓ Verified.</b> The original arrived with the SHA-256 that the server states: nothing was damaged
          on the way. This page comes from the same server, so it can’t prove that the server is honest.{' '}
          <code>reso verify --locked</code> can: it compares with a lock file of your own.
        </>
      );
    case 'different':
      return (
        <>
          <b>Different.</b> The downloaded bytes have the SHA-256 {proof.sha256}. The image may have just
          changed: reload the page and try again.
        </>
      );
    case 'failed':
      return `Could not verify: ${proof.message}`;
  }
}
