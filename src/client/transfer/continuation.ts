import type { ResoError } from '../../errors';
import type { Delivery } from '../../protocol';
import { preconditionOf, type PartialNote, type Precondition } from '../disk/partial-note';
import type { Home } from '../net/ask';
import type { Channel } from '../net/channel';

interface Given {
  /** Those of the client, in the notes of its partials. */
  readonly server: string;
  readonly pool: { readonly isReplicated: boolean };
}

/** What was last delivered of the image. */
interface Last {
  readonly channel: Channel;
  readonly version: string;
  readonly sha256: string | undefined;
}

/** In which state a server must have an image so that its bytes continue a partial that may come from another server. */
export class Continuation {
  readonly #given: Given;
  readonly #locked: string | undefined;
  /** The server that the version in the note comes from; undefined if an earlier run noted it. */
  #versionOf: string | undefined;
  #last: Last | undefined;
  /** Another server may be behind the same address: only the digest counts. */
  #isMoved = false;

  /** `locked` is the digest that the image must have. */
  constructor(given: Given, locked: string | undefined) {
    this.#given = given;
    this.#locked = locked;
  }

  /** The image's digest, as far as it is known. */
  sha256Of(note: PartialNote | undefined): string | undefined {
    return this.#locked ?? note?.sha256 ?? this.#last?.sha256;
  }

  /** What to ask the server behind `channel` for. */
  precondition(note: PartialNote | undefined, { address }: Channel): Precondition {
    const { server, pool } = this.#given;
    const sha256 = this.sha256Of(note);
    const isSame = this.#versionOf === undefined ? !pool.isReplicated : this.#versionOf === address;
    // Whether a replica has the same image then shows at the end.
    if (note?.server === server && !isSame && sha256 === undefined) return {};
    const isItsServer = note?.server === server && isSame && !this.#isMoved;
    return preconditionOf(note && { ...note, sha256 }, isItsServer, this.#locked);
  }

  /** A delivery begins, beside `note` if that is not the first one. */
  begun({ version, sha256 }: Delivery, channel: Channel, note: PartialNote | undefined): void {
    this.#last = { channel, version, sha256 };
    if (!note || note.version === version) this.#versionOf = channel.address;
  }

  /** The version that was last delivered, and the server that it comes from, if it was in this run. */
  latest({ version }: PartialNote): { version: string; home: Home | undefined } {
    if (!this.#last) return { version, home: undefined };
    return { version: this.#last.version, home: { at: this.#last.channel.address } };
  }

  /**
   * Whether the version of the partial may have been refused by a replica behind the same address: then the next
   * precondition is the digest, once.
   */
  moves({ code }: ResoError, channel: Channel, note: PartialNote | undefined): boolean {
    if (code !== 'CHANGED' || this.#isMoved || !note || this.#last?.channel === channel) return false;
    this.#isMoved = this.sha256Of(note) !== undefined;
    return this.#isMoved;
  }

  /** The partial was dropped. */
  forget(): void {
    this.#versionOf = this.#last = undefined;
    this.#isMoved = false;
  }
}
