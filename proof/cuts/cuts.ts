import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../src';
import type { Endpoint } from '../load/endpoint';
import type { Gallery } from '../load/gallery';
import { sha256Of } from '../load/visitor';
import { CuttingRelay, type Cut } from './cutting-relay';
import { placesIn } from './places';

const AT_ONCE = 24;

export interface CutsResult {
  readonly cuts: number;
  /** Descriptions of cuts after which something was wrong. */
  readonly broken: readonly string[];
}

/** Lists and fetches a gallery once for each place where its connection can be cut; `every`: only every n-th place. */
export async function cutEverywhere(
  endpoint: Endpoint,
  gallery: Gallery,
  folder: string,
  every = 1,
): Promise<CutsResult> {
  const places = (await placesOf(endpoint, gallery, folder)).filter((_, i) => i % every === 0);
  const broken: string[] = [];
  const left = places.values();
  const next = async () => {
    for (const cut of left) {
      const fault = await fetchThrough(endpoint, gallery, folder, cut).catch(String);
      if (fault !== undefined) broken.push(`${cut.direction} after ${cut.after}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return { cuts: places.length, broken };
}

async function placesOf(endpoint: Endpoint, gallery: Gallery, folder: string): Promise<Cut[]> {
  await using relay = await CuttingRelay.start(endpoint);
  const fault = await fetchAll(relay, gallery, folder);
  if (fault !== undefined) throw new Error(`without a cut: ${fault}`);
  const { up, down } = relay.carried;
  return [...placesIn(Buffer.concat(up), 'up'), ...placesIn(Buffer.concat(down), 'down')];
}

async function fetchThrough(
  endpoint: Endpoint,
  gallery: Gallery,
  folder: string,
  cut: Cut,
): Promise<string | undefined> {
  await using relay = await CuttingRelay.start(endpoint, cut);
  return await fetchAll(relay, gallery, folder);
}

/** What is wrong with the downloaded files, if anything. */
async function fetchAll(
  { port }: CuttingRelay,
  gallery: Gallery,
  folder: string,
): Promise<string | undefined> {
  const output = mkdtempSync(join(folder, 'cut-'));
  const client = connect({ port, connections: 1, retries: 3, timeout: 20 });
  try {
    const summary = await client.download(undefined, { output });
    if (summary.failed > 0) return `${summary.failed} failed`;
    const wrong = [...gallery].filter(([name, sha256]) => sha256Of(join(output, name)) !== sha256);
    if (wrong.length > 0) return `${wrong.map(([name]) => name).join(', ')} is a different image`;
    const left = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.part'),
    );
    return left.length > 0 ? `${left.join(', ')} was left behind` : undefined;
  } finally {
    client.close();
    rmSync(output, { recursive: true, force: true });
  }
}
