/**
 * The program of a process that decodes images, so that one which crashes or hangs its decoder takes no more with it
 * than this. Orders come on stdin and are carried out one by one; answers go out on descriptor 3.
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

/** Not by exit(), which waits for a decoder that may never end. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

function settle(): void {
  // Ctrl-C reaches all processes of a terminal: the server decides when this one ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  answers.on('error', end);
  // Originals come first. Relative to the server, which may have been started with `nice`: nobody but root may go back.
  attempt(() => setPriority(Math.min(LOWEST_PRIORITY, getPriority() + BEHIND)));
  // Should memory run out, the server must not be what ends.
  attempt(() => writeFileSync('/proc/self/oom_score_adj', '500'));
}

/** For what not every system allows, and nothing depends on. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    return;
  }
}

/** A server that has changed its user while it ran lets nobody see what it has open. */
function checkAccess(): void {
  try {
    readlinkSync(probe);
  } catch {
    throw new Error('a decoder process may not open the files of this server through /proc');
  }
}

/** Throws if sharp can't be loaded, or if what the server has open can't be opened here. */
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
  return why === undefined ? render(sharp, input, order, task) : { answer: refuse(why) };
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
