/**
 * Hands bytes from one who brings them, in any number of visits, to one who reads them as a single stream. It holds one
 * piece at most: who brings more waits until the reader has taken what came before.
 */
export class Handover implements AsyncIterable<Uint8Array> {
  #offer: Offer | undefined;
  #wake: (() => void) | undefined;
  #ending: { readonly error?: Error } | undefined;

  /** Resolves when the reader has taken the piece. One at a time. @throws what {@link break} was given. */
  async give(bytes: Uint8Array): Promise<void> {
    if (this.#offer !== undefined) throw new TypeError('the piece before was not taken yet');
    if (this.#ending !== undefined) throw this.#ending.error ?? new TypeError('the stream has ended');
    await new Promise<void>((taken, refused) => {
      this.#offer = { bytes, taken, refused };
      this.#wake?.();
    });
  }

  /** Nothing more comes. */
  end(): void {
    this.#close({});
  }

  /** Fails the stream for its reader, and whoever waits to hand something in. Of several endings the first one holds. */
  break(error: Error): void {
    this.#close({ error });
    this.#offer?.refused(error);
    this.#offer = undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const offer = this.#offer;
      if (offer !== undefined) {
        this.#offer = undefined;
        offer.taken();
        yield offer.bytes;
      } else if (this.#ending !== undefined) {
        if (this.#ending.error !== undefined) throw this.#ending.error;
        return;
      } else {
        await new Promise<void>((wake) => (this.#wake = wake));
      }
    }
  }

  #close(ending: { readonly error?: Error }): void {
    this.#ending ??= ending;
    this.#wake?.();
  }
}

interface Offer {
  readonly bytes: Uint8Array;
  readonly taken: () => void;
  readonly refused: (error: Error) => void;
}
