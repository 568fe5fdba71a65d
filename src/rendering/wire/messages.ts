import { parseFacts, type Facts } from '../../facts';
import type { Part } from '../part';
import type { Recipe } from '../recipe';
import { RENDITION_TYPES, type Rendition } from '../rendition';

/** What a child can read. SVG has a child of its own, because it is a language rather than a picture. */
export type Loaders = 'raster' | 'svg';

/** How a pyramid of an image is to be read. */
export interface PyramidShape {
  /** EXIF orientation of its pixels, which are stored as in the image: 1 to 8. */
  readonly orientation: number;
  /** Number of its pages. */
  readonly levels: number;
}

export type Task =
  | { readonly kind: 'render'; readonly recipe: Recipe; readonly withThumbhash: boolean }
  | { readonly kind: 'facts'; readonly withGps: boolean }
  /** The file of the order is the image, or a pyramid of it. */
  | { readonly kind: 'part'; readonly part: Part; readonly pyramid?: PyramidShape }
  /** Writes a pyramid to `target`, with temporary files in `scratch`. */
  | { readonly kind: 'pyramid'; readonly target: string; readonly scratch: string };

/** A request to a child. */
export interface Order {
  readonly id: number;
  /** The open image, as a path below /proc. */
  readonly path: string;
  /** Size of the image in bytes. */
  readonly size: number;
  /** Memory in bytes that the decoder may use. If it needs more, the child answers `needs` instead. */
  readonly memory: number;
  readonly task: Task;
}

/** The result of an order. */
export type Answer =
  | ({ readonly kind: 'rendition' } & Omit<Rendition, 'bytes'>)
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'pyramid'; readonly shape: PyramidShape }
  /** The order must be repeated: with a child that has other loaders, or with more memory. */
  | { readonly kind: 'needs'; readonly loaders: Loaders; readonly memory: number }
  | {
      readonly kind: 'refused';
      readonly code: 'NOT_RENDERABLE' | 'UNREADABLE';
      readonly message: string;
    };

/** Versions on which the bytes of a rendition depend. */
export interface Versions {
  readonly sharp: string;
  readonly vips: string;
}

/** Messages from a child: first whether it can work at all, then one answer per order, in order. */
export type Message =
  | { readonly kind: 'ready'; readonly versions: Versions }
  | { readonly kind: 'broken'; readonly message: string }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly answer: Answer;
      /** Memory that the child uses, in bytes. */
      readonly memory: number;
    };

const LONGEST_TEXT = 300;

/** Validates everything, because a decoder that an image has taken over can send anything. Throws if it is invalid. */
export function readMessage(head: unknown): Message {
  const { kind, ...rest } = members(head);
  switch (kind) {
    case 'ready': {
      const { sharp, vips } = members(rest.versions);
      return { kind, versions: { sharp: text(sharp), vips: text(vips) } };
    }
    case 'broken':
      return { kind, message: text(rest.message) };
    case 'answer':
      return { kind, id: whole(rest.id), answer: readAnswer(rest.answer), memory: whole(rest.memory) };
    default:
      throw nonsense(kind);
  }
}

function readAnswer(value: unknown): Answer {
  const { kind, ...rest } = members(value);
  switch (kind) {
    case 'rendition':
      return { kind, ...readRendition(rest) };
    case 'facts':
      return { kind, facts: parseFacts(rest.facts) ?? UNKNOWN };
    case 'pyramid':
      return { kind, shape: parseShape(rest.shape) };
    case 'needs':
      return { kind, loaders: oneOf(rest.loaders, ['raster', 'svg']), memory: whole(rest.memory) };
    case 'refused': {
      const code = oneOf(rest.code, ['NOT_RENDERABLE', 'UNREADABLE']);
      return { kind, code, message: text(rest.message) };
    }
    default:
      throw nonsense(kind);
  }
}

function readRendition({
  type,
  width,
  height,
  thumbhash,
}: Record<string, unknown>): Omit<Rendition, 'bytes'> {
  return {
    type: oneOf(type, RENDITION_TYPES),
    width: whole(width),
    height: whole(height),
    ...(thumbhash === undefined ? {} : { thumbhash: text(thumbhash) }),
  };
}

const MOST_ORIENTATION = 8;
const MOST_LEVELS = 24;

/** Throws if it is invalid. */
export function parseShape(value: unknown): PyramidShape {
  const { orientation, levels } = members(value);
  return { orientation: upTo(MOST_ORIENTATION, orientation), levels: upTo(MOST_LEVELS, levels) };
}

const UNKNOWN: Facts = { format: 'unknown', canRender: false };

function members(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw nonsense(value);
  return value as Record<string, unknown>;
}

function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw nonsense(value);
  return value as number;
}

function upTo(most: number, value: unknown): number {
  const number = whole(value);
  if (number < 1 || number > most) throw nonsense(value);
  return number;
}

function oneOf<const T extends string>(value: unknown, those: readonly T[]): T {
  const found = those.find((one) => one === value);
  if (found === undefined) throw nonsense(value);
  return found;
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value.length > LONGEST_TEXT) throw nonsense(value);
  return value;
}

function nonsense(value: unknown): Error {
  return new Error(`A child sent ${String(JSON.stringify(value)).slice(0, LONGEST_TEXT)}.`);
}
