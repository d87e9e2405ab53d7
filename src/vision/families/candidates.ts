import type { ModelCard } from '../../models/card.ts';
import type { RawDetection } from '../detection.ts';
import { wrongCard, wrongValues, type DecodeRequest } from './family.ts';

/**
 * Collects what a decoder finds. Decoders skip with `score < threshold`, which lets NaN through, so that a model that
 * computes nonsense is reported here instead of being taken for an empty picture.
 */
export class Candidates {
  readonly found: RawDetection[] = [];
  readonly #card: ModelCard;

  constructor(card: ModelCard) {
    this.#card = card;
  }

  /**
   * Adds a box given by its edges as fractions of the input; a box without area is left out.
   * @throws TidewaiterError `E_MODEL_VALUES` when a number is not finite, `E_MODEL_CARD` when the card lacks the class.
   */
  addEdges(
    classIndex: number,
    score: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
    landmarks?: readonly number[],
  ): void {
    if (!Number.isFinite(score + left + top + right + bottom)) throw wrongValues(this.#card);
    if (landmarks?.every(Number.isFinite) === false) throw wrongValues(this.#card);
    if (right <= left || bottom <= top) return;
    const name = this.#card.classes[classIndex];
    if (name === undefined)
      throw wrongCard(this.#card, `the model reports class ${classIndex}, "classes" has no such entry`);
    const box = { left, top, right, bottom };
    this.found.push({
      classIndex,
      class: name,
      score,
      box,
      ...(landmarks === undefined ? {} : { landmarks }),
    });
  }

  /** Adds a box given by its centre and size as fractions of the input; see {@link addEdges}. */
  addCentred(
    classIndex: number,
    score: number,
    x: number,
    y: number,
    width: number,
    height: number,
    landmarks?: readonly number[],
  ): void {
    const halfWidth = width / 2;
    const halfHeight = height / 2;
    this.addEdges(classIndex, score, x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, landmarks);
  }
}

/** Indices of the classes to look for: those asked for, or all, without those the card marks as unused. */
export function wantedClasses(card: ModelCard, request: DecodeRequest): Int32Array {
  const asked = request.classes ?? card.classes.keys();
  return Int32Array.from(asked).filter((index) => (card.classes[index] ?? '') !== '');
}
