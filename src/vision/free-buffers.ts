/** Bytes of pictures that go to workers and come back, so that each picture need not be allocated anew. */
export class FreeBuffers {
  readonly #limit: number;
  readonly #issued = new WeakSet<ArrayBufferLike>();
  readonly #free: Uint8Array<ArrayBuffer>[] = [];

  /** @param limit buffers to keep; of more, the ones unused for longest are let go. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Zeroed bytes: a picture that leaves a part unwritten must not show an earlier one there. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const index = this.#free.findLastIndex((buffer) => buffer.byteLength === bytes);
    const buffer = index < 0 ? new Uint8Array(bytes) : this.#free.splice(index, 1)[0]!.fill(0);
    this.#issued.add(buffer.buffer);
    return buffer;
  }

  /** The same bytes when they were issued here and may be given away, otherwise a copy. */
  own(data: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.#issued.has(data.buffer) && data.byteLength === data.buffer.byteLength) {
      this.#issued.delete(data.buffer);
      return data as Uint8Array<ArrayBuffer>;
    }
    const copy = this.take(data.byteLength);
    this.#issued.delete(copy.buffer);
    copy.set(data);
    return copy;
  }

  giveBack(buffer: Uint8Array<ArrayBuffer>): void {
    this.#free.push(buffer);
    if (this.#free.length > this.#limit) this.#free.shift();
  }
}
