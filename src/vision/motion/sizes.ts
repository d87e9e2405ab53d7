import type { PixelBox, Size } from '../../core/box.ts';

/** Bands of the picture, from top to bottom, in which heights are learned apart: far things are higher up and smaller. */
const bands = 6;
/** Weight of a new sighting against what was learned. */
const rate = 0.03;

/** How high things are in the different parts of a camera's picture, learned from what was found there. */
export class ObjectSizes {
  readonly #height: number;
  readonly #learned = new Float64Array(bands);
  #overall: number;

  /** @param expected height before anything was seen, pixels. */
  constructor(picture: Size, expected: number) {
    this.#height = picture.height;
    this.#overall = expected;
  }

  /** Takes in a thing that was surely found. */
  learn(box: PixelBox): void {
    const band = this.#bandOf(box);
    const known = this.#learned[band]!;
    this.#learned[band] = known === 0 ? box.height : known + rate * (box.height - known);
    this.#overall += rate * (box.height - this.#overall);
  }

  /** Height of the things to expect at a place, pixels. */
  at(place: PixelBox): number {
    const known = this.#learned[this.#bandOf(place)]!;
    return known === 0 ? this.#overall : known;
  }

  #bandOf({ y, height }: PixelBox): number {
    return Math.min(bands - 1, Math.max(0, Math.floor(((y + height) / this.#height) * bands)));
  }
}
