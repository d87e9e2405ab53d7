import type { Size } from '../../core/box.ts';
import type { ShapeRule } from './family.ts';

/** Role `map` [1, 1, H, W]: probability of text at each pixel of the input. */
export function dbText({ width, height }: Size): Readonly<Record<string, ShapeRule>> {
  return { map: { anyOf: [[1, 1, height, width]] } };
}

/** Role `probabilities` [1, T, A]: for each of T steps a probability of the blank and of each character. */
export function ctcText(): Readonly<Record<string, ShapeRule>> {
  return { probabilities: { anyOf: [[1, 'T', 'A']] } };
}
