import { drawAlps } from './alps';
import { drawAurora } from './aurora';
import { drawBlueHour } from './blue-hour';
import { drawDawn } from './dawn';
import { drawFlowField } from './flow-field';
import { drawGoldenHour } from './golden-hour';
import { drawMosaic } from './mosaic';
import { drawNightSky } from './night-sky';
import { type Raster, toSharp } from './raster';
import { rasterize } from './svg';
import { drawTruchet } from './truchet';
import { drawWaves, FRAMES } from './waves';

/** Draws and encodes each image, by its path in the folder. */
export const gallery: Readonly<Record<string, () => Promise<Buffer>>> = {
  'img.jpg': () => encodeJpeg(drawDawn()),
  'image.png': () => encodePng(drawFlowField()),
  'waves.gif': () => encodeGif(),
  'blue hour.jpg': () => encodeJpeg(drawBlueHour()),
  'Zürich – 山.webp': () => encodeWebp(drawAlps()),
  'landscapes/aurora.avif': () => encodeAvif(drawAurora()),
  'landscapes/golden-hour.jpg': () => encodeJpeg(drawGoldenHour()),
  'landscapes/night-sky.webp': () => encodeWebp(drawNightSky()),
  'patterns/mosaic.tiff': () => encodeTiff(drawMosaic()),
  'patterns/truchet.svg': () => Promise.resolve(Buffer.from(drawTruchet())),
};

function encodeJpeg(raster: Raster): Promise<Buffer> {
  return toSharp(raster).jpeg({ quality: 88, chromaSubsampling: '4:4:4', mozjpeg: true }).toBuffer();
}

function encodePng(svg: string): Promise<Buffer> {
  return rasterize(svg).png({ palette: true, colours: 128, dither: 0, compressionLevel: 9 }).toBuffer();
}

async function encodeGif(): Promise<Buffer> {
  const delay = Array<number>(FRAMES).fill(80);
  const waves = await drawWaves();
  return waves.gif({ colours: 48, dither: 0, loop: 0, delay }).toBuffer();
}

function encodeWebp(raster: Raster): Promise<Buffer> {
  return toSharp(raster).webp({ quality: 86, effort: 6, smartSubsample: true }).toBuffer();
}

function encodeAvif(raster: Raster): Promise<Buffer> {
  return toSharp(raster).avif({ quality: 68, effort: 4 }).toBuffer();
}

function encodeTiff(raster: Raster): Promise<Buffer> {
  return toSharp(raster).tiff({ compression: 'jpeg', quality: 90 }).toBuffer();
}
