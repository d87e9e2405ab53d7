/** Holds the newest of what comes, for a consumer that may be slow: what it did not take in time is given up. */
export class Newest<T> {
  /** How many were given up. */
  dropped = 0;
  #item: T | undefined;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;
  readonly #discard: (item: T) => void;

  constructor(discard: (item: T) => void) {
    this.#discard = discard;
  }

  put(item: T): void {
    if (this.#item !== undefined) {
      this.#discard(this.#item);
      this.dropped++;
    }
    this.#item = item;
    this.#wake();
  }

  /** Nothing more will come: {@link take} throws this once what is there was taken. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** The newest; waits while there is none. */
  async take(): Promise<T> {
    while (this.#item === undefined) {
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const item = this.#item;
    this.#item = undefined;
    return item;
  }

  /** Gives up what is there. */
  clear(): void {
    if (this.#item !== undefined) this.#discard(this.#item);
    this.#item = undefined;
  }
}
