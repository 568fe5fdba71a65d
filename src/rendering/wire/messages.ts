import type { Facts } from '../facts';
import type { Recipe } from '../recipe';
import { RENDITION_TYPES, type Rendition } from '../rendition';
import { readFacts } from './read-facts';

/** What a child can read: SVG has one of its own, since it is a language rather than a picture. */
export type Loaders = 'raster' | 'svg';

export type Task =
  | { readonly kind: 'render'; readonly recipe: Recipe; readonly withThumbhash: boolean }
  | { readonly kind: 'facts'; readonly withGps: boolean };

/** What a child is asked for. */
export interface Order {
  readonly id: number;
  /** The open image, below /proc. */
  readonly path: string;
  /** Of the image, in bytes. */
  readonly size: number;
  /** Bytes that the decoder may take. Where it needs more, the child says so instead. */
  readonly memory: number;
  readonly task: Task;
}

/** What comes of an order. */
export type Answer =
  | ({ readonly kind: 'rendition' } & Omit<Rendition, 'bytes'>)
  | { readonly kind: 'facts'; readonly facts: Facts }
  /** To be asked for again: of a child with other loaders, or with more memory. */
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

/** What a child says: whether it can work at all, then an answer for each order, in turn. */
export type Message =
  | { readonly kind: 'ready'; readonly versions: Versions }
  | { readonly kind: 'broken'; readonly message: string }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly answer: Answer;
      /** Bytes that the child has in memory. */
      readonly memory: number;
    };

const LONGEST_TEXT = 300;

/** A decoder that was taken over by an image could say anything: throws where this makes no sense. */
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
      return { kind, facts: readFacts(members(rest.facts)) };
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

function members(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw nonsense(value);
  return value as Record<string, unknown>;
}

function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw nonsense(value);
  return value as number;
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
  return new Error(`A child said ${String(JSON.stringify(value)).slice(0, LONGEST_TEXT)}.`);
}
