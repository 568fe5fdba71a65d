import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { entityBomb, largePng, longGif, svg } from '../../src/rendering/fixtures/bombs';
import { always, timeAtMost, type Bar, type Reading } from '../bar';
import { setScene } from '../load/scene';
import { fetchOne } from '../load/visitor';
import { WebClient } from './web-client';

/** Milliseconds for an answer. */
const AT_ONCE = 1000;
/** Characters of what is said about a bomb. */
const ONE_LINE = 400;

export const httpBombs: Bar = {
  name: 'http-bombs',
  claim: 'images that are made to hurt are answered or refused at once over HTTP, and the server serves on',
  async run(setting) {
    const { server, gallery, folder } = await setScene(setting, { 'a.jpg': 100_000 }, [
      '--log-level',
      'error',
    ]);
    const client = new WebClient(server.web, 1);
    const bombs = await makeBombs();
    for (const [name, bytes] of Object.entries(bombs)) writeFileSync(join(folder, 'images', name), bytes);
    // The processes that decode start with the first image, and one for SVG with the first of these.
    writeFileSync(join(folder, 'images', 'first.svg'), svg(''));
    await client.get('/renditions/first.svg?w=160');
    const readings: Reading[] = [];
    let said = 0;
    for (const [name, bytes] of Object.entries(bombs)) {
      const { status, body, took } = await client.get(`/renditions/${name}?w=320`);
      readings.push(timeAtMost(`${name}: ${status} after`, took, AT_ONCE));
      const isWhole = (await client.get(`/images/${name}`)).body.equals(bytes);
      const isSaid = status === 200 || (status < 500 && body.length < ONE_LINE);
      if (isWhole && isSaid) said++;
    }
    const serves =
      server.isAlive && server.faults === '' && (await fetchOne(server.endpoint, gallery, 'a.jpg', folder));
    client.close();
    await server.kill();
    return [
      ...readings,
      always('bombs answered or refused with a line, and sent as originals', said, Object.keys(bombs).length),
      always('downloads verified afterwards', Number(serves), 1),
    ];
  },
};

async function makeBombs(): Promise<Record<string, Buffer>> {
  const plain = sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#963' } });
  const jpeg = await plain.clone().jpeg().toBuffer();
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
  return {
    'png-of-50000.png': largePng(50_000, 50_000),
    'gif-of-10000-frames.gif': longGif(10_000, 1000),
    'scans.jpg': await manyScans(),
    'entities.svg': entityBomb(9),
    'external-file.svg': svg(
      '<image xlink:href="a.jpg" width="100" height="100"/><image xlink:href="file:///etc/passwd" width="9" height="9"/>',
    ),
    'network.svg': svg('<image xlink:href="http://127.0.0.1:9/x.png" width="100" height="100"/>'),
    'half.jpg': half(jpeg),
    'half.png': half(await plain.clone().png().toBuffer()),
    'half.webp': half(await plain.clone().webp().toBuffer()),
    'half.gif': half(await plain.clone().gif().toBuffer()),
    'half.tif': half(await plain.clone().tiff().toBuffer()),
    'half.avif': half(await plain.clone().resize(300).avif().toBuffer()),
    'half.svg': half(svg('<rect width="10" height="10"/>'.repeat(100))),
    'header.jpg': jpeg.subarray(0, 20),
    'empty-png.png': Buffer.from('89504e470d0a1a0a', 'hex'),
  };
}

/** A progressive JPEG whose last scan comes a thousand times. */
async function manyScans(): Promise<Buffer> {
  const plain = sharp({ create: { width: 4000, height: 4000, channels: 3, background: '#fff' } });
  const jpeg = await plain.toColorspace('b-w').jpeg({ progressive: true }).toBuffer();
  const scan = jpeg.subarray(jpeg.lastIndexOf(Buffer.from('ffda', 'hex')), -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(1000).fill(scan), Buffer.from('ffd9', 'hex')]);
}
