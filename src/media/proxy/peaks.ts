/** The loudness of a sound track over time: the lowest and highest sample of each short stretch. */
export interface PeaksIndex {
  /** Peaks per second. Peak `i` covers the time from `(first + i) / rate` seconds on, on the clock of the video. */
  readonly rate: number;
  readonly first: number;
  readonly count: number;
}

const FINEST_RATE = 50;
const MOST_PEAKS = 100_000;

/**
 * Gathers peaks on a grid that begins at time 0. When there are too many, two become one: so the length of the sound need
 * not be known, and it takes no more memory when it is long.
 */
export class Peaks {
  #rate = FINEST_RATE;
  #first: number | undefined;
  #low = new Int8Array(1024);
  #high = new Int8Array(1024);
  #count = 0;

  /**
   * @param planes samples of -1..1, one array for each channel; all channels count.
   * @param first number of the first sample, counted from time 0. @param sampleRate samples per second.
   */
  add(planes: readonly Float32Array[], first: number, sampleRate: number): void {
    const samples = planes[0]?.length ?? 0;
    for (let at = 0; at < samples;) {
      const peak = Math.floor(((first + at) * this.#rate) / sampleRate);
      const end = Math.min(
        samples,
        Math.max(at + 1, Math.ceil(((peak + 1) * sampleRate) / this.#rate) - first),
      );
      let [low, high] = [0, 0];
      for (const plane of planes)
        for (let i = at; i < end; i++) {
          const value = plane[i]!;
          if (value < low) low = value;
          if (value > high) high = value;
        }
      this.#put(peak, Math.max(-128, Math.floor(low * 128)), Math.min(127, Math.ceil(high * 127)));
      at = end;
    }
  }

  get index(): PeaksIndex {
    return { rate: this.#rate, first: this.#first ?? 0, count: this.#count };
  }

  /** Two signed bytes for each peak: lowest, highest. */
  bytes(): Int8Array {
    const bytes = new Int8Array(this.#count * 2);
    for (let at = 0; at < this.#count; at++) {
      bytes[at * 2] = this.#low[at]!;
      bytes[at * 2 + 1] = this.#high[at]!;
    }
    return bytes;
  }

  #put(peak: number, low: number, high: number): void {
    this.#first ??= peak;
    let at = peak - this.#first;
    // Sound that lies before where the track began overlaps with it; it is looked at where it begins.
    if (at < 0) at = 0;
    while (at >= MOST_PEAKS) at = this.#halve(at);
    if (at >= this.#low.length) this.#grow(at + 1);
    this.#low[at] = Math.min(this.#low[at]!, low);
    this.#high[at] = Math.max(this.#high[at]!, high);
    this.#count = Math.max(this.#count, at + 1);
  }

  #grow(needed: number): void {
    const length = Math.min(MOST_PEAKS, Math.max(needed, this.#low.length * 2));
    const [low, high] = [new Int8Array(length), new Int8Array(length)];
    low.set(this.#low);
    high.set(this.#high);
    [this.#low, this.#high] = [low, high];
  }

  /** @returns where the peak at `at` is now. */
  #halve(at: number): number {
    const old = this.#first ?? 0;
    const first = Math.floor(old / 2);
    const place = (index: number): number => Math.floor((old + index) / 2) - first;
    const [low, high] = [new Int8Array(this.#low.length), new Int8Array(this.#high.length)];
    for (let index = 0; index < this.#count; index++) {
      const to = place(index);
      low[to] = Math.min(low[to]!, this.#low[index]!);
      high[to] = Math.max(high[to]!, this.#high[index]!);
    }
    if (this.#count > 0) this.#count = place(this.#count - 1) + 1;
    [this.#low, this.#high, this.#first, this.#rate] = [low, high, first, this.#rate / 2];
    return place(at);
  }
}
