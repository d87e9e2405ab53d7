/** Numbers for names, in the order in which they appear; names are kept as bytes, so that millions fit. */
export class Names {
  #bytes = Buffer.alloc(1 << 16);
  #ends = new Uint32Array(1 << 12);
  #slots = new Int32Array(1 << 13).fill(-1);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The number of a name, from 0; a new one when it was not seen before. */
  numberOf(bytes: Buffer, start: number, end: number): number {
    let slot = hashOf(bytes, start, end) & (this.#slots.length - 1);
    for (;;) {
      const number = this.#slots[slot]!;
      if (number < 0) return this.#add(bytes.subarray(start, end), slot);
      if (this.#is(number, bytes, start, end)) return number;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
  }

  nameOf(number: number): string {
    return this.#bytes.toString('utf8', this.#start(number), this.#ends[number]);
  }

  #start(number: number): number {
    return number === 0 ? 0 : this.#ends[number - 1]!;
  }

  #is(number: number, bytes: Buffer, start: number, end: number): boolean {
    const own = this.#start(number);
    if (this.#ends[number]! - own !== end - start) return false;
    for (let at = start; at < end; at++) if (this.#bytes[own + at - start] !== bytes[at]) return false;
    return true;
  }

  #add(name: Buffer, slot: number): number {
    const number = this.#count++;
    const start = this.#start(number);
    if (start + name.length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], 2 * (this.#bytes.length + name.length));
    this.#bytes.set(name, start);
    if (number === this.#ends.length) {
      const longer = new Uint32Array(2 * number);
      longer.set(this.#ends);
      this.#ends = longer;
    }
    this.#ends[number] = start + name.length;
    this.#slots[slot] = number;
    if (2 * this.#count > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(-1);
    for (let number = 0; number < this.#count; number++) {
      let slot = hashOf(this.#bytes, this.#start(number), this.#ends[number]!) & (slots.length - 1);
      while (slots[slot]! >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = number;
    }
    this.#slots = slots;
  }
}

/** FNV-1a with a last stir. */
export function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
