/**
 * The program of a decoder process: an image that crashes or hangs its decoder affects only this process. Orders come on
 * stdin and are carried out one at a time; answers go to descriptor 3.
 */
import { readlinkSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { getPriority, setPriority } from 'node:os';
import { encodeFrame, FrameReader } from '../wire/frames';
import type { Loaders, Message, Order } from '../wire/messages';
import { loadSharp, type Sharp } from './decoder';
import { ImageFile } from './image-file';
import { loadersFor, openInput, refuse, sayWhy } from './input';
import { look } from './look';
import { renderPart } from './part';
import { makePyramid } from './pyramid';
import { render, type Rendered, whyNot } from './render';

const [sharpPath = '', loaders = 'raster', probe = ''] = process.argv.slice(2);

/** Added to the niceness of the server: originals come first. */
const BEHIND = 10;
const LOWEST_PRIORITY = 19;

const answers = new Socket({ fd: 3, readable: false, writable: true });
const orders: Order[] = [];
let isBusy = false;

function say(message: Message, bytes?: Buffer): void {
  answers.cork();
  for (const part of encodeFrame(message, bytes)) answers.write(part);
  answers.uncork();
}

/** exit() would wait for a decoder that may never finish. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

function settle(): void {
  // Ctrl-C reaches all processes of a terminal, but the server decides when this one ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  answers.on('error', end);
  // Sending originals comes first. Relative to the server's priority: if that is already low, raising it needs root.
  attempt(() => setPriority(Math.min(LOWEST_PRIORITY, getPriority() + BEHIND)));
  // If memory runs out, the kernel should kill this process rather than the server.
  attempt(() => writeFileSync('/proc/self/oom_score_adj', '500'));
}

/** For optional settings that some systems do not allow. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    return;
  }
}

/** If the server changed its user after it started, its open files are not accessible. */
function checkAccess(): void {
  try {
    readlinkSync(probe);
  } catch {
    throw new Error('a decoder process may not open the files of this server through /proc');
  }
}

/** Throws if sharp can't be loaded, or if the server's open files can't be opened here. */
function prepare(): Sharp {
  checkAccess();
  const sharp = loadSharp(sharpPath, loaders as Loaders);
  say({ kind: 'ready', versions: { sharp: sharp.versions.sharp, vips: sharp.versions.vips } });
  return sharp;
}

async function work(sharp: Sharp): Promise<void> {
  if (isBusy) return;
  isBusy = true;
  for (let order = orders.shift(); order; order = orders.shift()) {
    const { answer, bytes } = await carryOut(sharp, order);
    say({ kind: 'answer', id: order.id, answer, memory: process.memoryUsage.rss() }, bytes);
  }
  isBusy = false;
}

async function carryOut(sharp: Sharp, order: Order): Promise<Rendered> {
  let file: ImageFile;
  try {
    file = new ImageFile(order.path, order.size);
  } catch (error) {
    return { answer: { kind: 'refused', code: 'UNREADABLE', message: sayWhy(error, order) } };
  }
  try {
    return await carryOutWith(sharp, order, file);
  } catch (error) {
    return { answer: refuse(sayWhy(error, order)) };
  } finally {
    file.close();
  }
}

async function carryOutWith(sharp: Sharp, order: Order, file: ImageFile): Promise<Rendered> {
  const { task } = order;
  const input = openInput(file);
  const needed = loadersFor(input);
  if (needed && needed !== loaders) return { answer: { kind: 'needs', loaders: needed, memory: 0 } };
  if (task.kind === 'facts') return { answer: await look(sharp, input, task.withGps) };
  const why = whyNot(input);
  if (why !== undefined) return { answer: refuse(why) };
  switch (task.kind) {
    case 'render':
      return render(sharp, input, order, task);
    case 'part':
      return renderPart(sharp, input, order, task);
    case 'pyramid':
      return makePyramid(sharp, input, order, task);
  }
}

settle();
try {
  const sharp = prepare();
  const reader = new FrameReader(({ head }) => {
    orders.push(head as Order);
    void work(sharp);
  });
  process.stdin.on('data', (piece: Buffer) => reader.push(piece)).on('end', end);
} catch (error) {
  say({ kind: 'broken', message: sayWhy(error, { path: probe }) });
  answers.end(end);
}
