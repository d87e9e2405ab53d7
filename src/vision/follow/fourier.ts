/** Complex values on a square grid, row by row. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function emptySpectrum(side: number): Spectrum {
  return { re: new Float64Array(side * side), im: new Float64Array(side * side) };
}

/** Fast Fourier transforms of square grids (J. W. Cooley and J. W. Tukey, 1965), in place. */
export class Fourier {
  readonly #side: number;
  readonly #reversed: Uint16Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #line: Spectrum;

  /** @param side a power of two. */
  constructor(side: number) {
    this.#side = side;
    const bits = Math.log2(side);
    this.#reversed = Uint16Array.from({ length: side }, (_, index) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) if ((index >> bit) & 1) reversed |= 1 << (bits - 1 - bit);
      return reversed;
    });
    this.#cos = Float64Array.from({ length: side / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / side));
    this.#sin = Float64Array.from({ length: side / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / side));
    this.#line = { re: new Float64Array(side), im: new Float64Array(side) };
  }

  forward({ re, im }: Spectrum): void {
    const side = this.#side;
    for (let line = 0; line < side; line++) this.#transform(re, im, line * side, 1);
    for (let line = 0; line < side; line++) this.#transform(re, im, line, side);
  }

  inverse(grid: Spectrum): void {
    // With real and imaginary parts exchanged, the same transform goes back.
    this.forward({ re: grid.im, im: grid.re });
    const share = 1 / this.#side ** 2;
    for (let at = 0; at < grid.re.length; at++) {
      grid.re[at]! *= share;
      grid.im[at]! *= share;
    }
  }

  #transform(re: Float64Array, im: Float64Array, start: number, step: number): void {
    const side = this.#side;
    const line = this.#line;
    for (let at = 0; at < side; at++) {
      const from = start + this.#reversed[at]! * step;
      line.re[at] = re[from]!;
      line.im[at] = im[from]!;
    }
    for (let size = 2; size <= side; size *= 2) {
      const half = size / 2;
      const stride = side / size;
      for (let block = 0; block < side; block += size) {
        for (let k = 0; k < half; k++) {
          const [cos, sin] = [this.#cos[k * stride]!, this.#sin[k * stride]!];
          const [a, b] = [block + k, block + k + half];
          const real = line.re[b]! * cos - line.im[b]! * sin;
          const imaginary = line.re[b]! * sin + line.im[b]! * cos;
          line.re[b] = line.re[a]! - real;
          line.im[b] = line.im[a]! - imaginary;
          line.re[a]! += real;
          line.im[a]! += imaginary;
        }
      }
    }
    for (let at = 0; at < side; at++) {
      re[start + at * step] = line.re[at]!;
      im[start + at * step] = line.im[at]!;
    }
  }
}
