/**
 * Reads tables of the FlatBuffers binary format (flatbuffers.dev, "Binary format"): a table starts with the
 * signed distance back to its vtable, which holds the offset of each field, 0 for an absent one. Reading
 * outside the bytes throws RangeError.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #start: number;

  constructor(view: DataView, start: number) {
    this.#view = view;
    this.#start = start;
  }

  /** The root table of a file. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  int8(field: number, fallback = 0): number {
    const at = this.#position(field);
    return at === undefined ? fallback : this.#view.getInt8(at);
  }

  int32(field: number, fallback = 0): number {
    const at = this.#position(field);
    return at === undefined ? fallback : this.#view.getInt32(at, true);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#target(field);
    return at === undefined ? undefined : new FlatTable(this.#view, at);
  }

  string(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  /** A vector of bytes, not copied. */
  bytes(field: number): Uint8Array {
    const at = this.#target(field);
    if (at === undefined) return new Uint8Array(0);
    const length = this.#view.getUint32(at, true);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at + 4, length);
  }

  int32s(field: number): number[] {
    return this.#elements(field, (at) => this.#view.getInt32(at, true));
  }

  tables(field: number): FlatTable[] {
    return this.#elements(field, (at) => new FlatTable(this.#view, at + this.#view.getUint32(at, true)));
  }

  #elements<T>(field: number, read: (at: number) => T): T[] {
    const at = this.#target(field);
    if (at === undefined) return [];
    const length = this.#view.getUint32(at, true);
    return Array.from({ length }, (_, index) => read(at + 4 + index * 4));
  }

  #target(field: number): number | undefined {
    const at = this.#position(field);
    return at === undefined ? undefined : at + this.#view.getUint32(at, true);
  }

  #position(field: number): number | undefined {
    const vtable = this.#start - this.#view.getInt32(this.#start, true);
    const slot = 4 + field * 2;
    if (slot >= this.#view.getUint16(vtable, true)) return undefined;
    const offset = this.#view.getUint16(vtable + slot, true);
    return offset === 0 ? undefined : this.#start + offset;
  }
}
