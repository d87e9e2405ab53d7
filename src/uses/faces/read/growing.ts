type Column = Float64Array | Uint32Array | Uint8Array;

/** A column of numbers that grows as rows come. */
export class Growing<T extends Column> {
  #values: T;
  #length = 0;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(1 << 14);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      // By half: a full doubling of all columns would be what memory is bound by.
      const longer = this.#make(Math.ceil(this.#length * 1.5));
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  last(): number {
    return this.#values[this.#length - 1]!;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** The values so far; what is added later does not show. */
  values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }
}

export const growing = {
  doubles: (): Growing<Float64Array> => new Growing((length) => new Float64Array(length)),
  words: (): Growing<Uint32Array> => new Growing((length) => new Uint32Array(length)),
  bytes: (): Growing<Uint8Array> => new Growing((length) => new Uint8Array(length)),
};
