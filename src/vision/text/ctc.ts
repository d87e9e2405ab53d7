import type { TextReading } from '../detection.ts';

/**
 * Characters of a recogniser by class: entry i is class i + 1, as class 0 is the CTC blank. From a key file with one
 * character per line; PaddleOCR's models append the space as the last class, and so does this.
 */
export function parseAlphabet(keys: string): string[] {
  const lines = keys.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return [...lines, ' '];
}

/** True for each class (blank included) that may be read when only `allowed` characters are expected. */
export function restrictTo(alphabet: readonly string[], allowed: string): Uint8Array {
  const characters = new Set(allowed);
  return Uint8Array.from([1, ...alphabet.map((character) => (characters.has(character) ? 1 : 0))]);
}

/**
 * Greedy CTC decoding (Graves et al. 2006): the best class of each step, repeats merged, blanks dropped. A
 * character's score is its highest probability over the steps that were merged into it.
 *
 * @param probabilities `steps * classes` values after softmax, step by step.
 * @param alphabet `classes - 1` characters; see {@link parseAlphabet}.
 * @param mask from {@link restrictTo}: classes with 0 are never read.
 * @throws RangeError when the sizes do not fit each other.
 */
export function decodeCtc(
  probabilities: Float32Array,
  steps: number,
  classes: number,
  alphabet: readonly string[],
  mask?: Uint8Array,
): TextReading {
  if (alphabet.length !== classes - 1 || probabilities.length < steps * classes) {
    throw new RangeError(
      `${probabilities.length} values and ${alphabet.length} characters do not fit ${steps} steps of ${classes} classes`,
    );
  }
  const characters: string[] = [];
  const characterScores: number[] = [];
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    const offset = step * classes;
    const best = bestClass(probabilities, offset, classes, mask);
    const probability = probabilities[offset + best]!;
    if (best !== 0 && best !== previous) {
      characters.push(alphabet[best - 1]!);
      characterScores.push(probability);
    } else if (best !== 0) {
      characterScores[characterScores.length - 1] = Math.max(characterScores.at(-1)!, probability);
    }
    previous = best;
  }
  return { text: characters.join(''), score: mean(characterScores), characterScores };
}

function bestClass(values: Float32Array, offset: number, classes: number, mask?: Uint8Array): number {
  let best = 0;
  let highest = values[offset]!;
  for (let index = 1; index < classes; index++) {
    const value = values[offset + index]!;
    if (value > highest && (mask === undefined || mask[index] === 1)) {
      highest = value;
      best = index;
    }
  }
  return best;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
