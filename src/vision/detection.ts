import type { NormalizedBox } from '../core/box.ts';

/** An RGB picture of exactly the size a model takes, 8 bits, packed rows. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One thing a detector found in the picture it was given. */
export interface RawDetection {
  /** Index into the card's `classes`. */
  readonly classIndex: number;
  /** The card's name for the class. */
  readonly class: string;
  /** 0..1. */
  readonly score: number;
  /** Fractions of the picture given to the model. */
  readonly box: NormalizedBox;
  /** x, y pairs as fractions of the picture, for faces and keypoints. */
  readonly landmarks?: readonly number[];
}

/** A line of text found by a text detector: the four corners, clockwise from top-left in reading direction. */
export interface TextQuad {
  readonly score: number;
  /** x1, y1, ... x4, y4 as fractions of the picture. */
  readonly corners: readonly number[];
  readonly box: NormalizedBox;
}

/** What a recogniser read. */
export interface TextReading {
  readonly text: string;
  /** Mean of the characters' probabilities, 0..1; 0 for an empty text. */
  readonly score: number;
  /** Probability of each character of `text`. */
  readonly characterScores: readonly number[];
}
