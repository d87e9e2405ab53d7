import type { PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { Colours, type Part } from './colours.ts';
import { CorrelationFilter } from './correlation-filter.ts';
import { featuresOf, gridSide } from './features.ts';
import { patchSide, readSurroundings, takePatch } from './patch.ts';
import type { FollowSettings } from './settings.ts';

/** Sizes that are tried from frame to frame, as shares of the last. */
const SIZES = [0.96, 1, 1.04] as const;
/** A change of size has to answer so much better than none. */
const SIZE_PENALTY = 0.97;
/** Share by which the size follows what answers best: single frames err. */
const SIZE_RATE = 0.5;
/** Peak of the filter at which its answer is as good as it gets on what moves and bends. */
const FULL_PEAK = 0.45;
/** Likeness of colours that strangers have, and that one thing has with itself. */
const STRANGE = 0.45;
const SAME = 0.85;

/** From one place of searching to the next, shares of the window: the filter sees little of the window's rim. */
const STEP = 0.4;
const steps = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [-1, 0],
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
] as const;

/** Where a thing was found in a frame. */
export interface Sight {
  readonly box: PixelBox;
  /** 0..1, of shapes and colours together. */
  readonly confidence: number;
}

/** What a thing looks like, learnt from the frames in which it was seen. */
export class Target {
  readonly #settings: FollowSettings;
  readonly #filter: CorrelationFilter;
  readonly #colours: Colours;

  /** @throws RangeError when nothing of the box lies in the picture. */
  constructor(source: PixelSource, box: PixelBox, settings: FollowSettings) {
    this.#settings = settings;
    const patch = patchAt(source, box);
    if (patch === undefined) throw new RangeError('the box lies outside of the picture');
    this.#filter = new CorrelationFilter(featuresOf(patch));
    this.#colours = new Colours(patch, partOf(box));
  }

  /** Looks for the thing around where it is expected, and farther away when asked to. */
  find(source: PixelSource, expected: PixelBox, far: boolean): Sight | undefined {
    const near = this.#findNear(source, expected);
    if (!far) return near;
    const window = windowOf(expected);
    const sights = steps.map(([x, y]) =>
      this.#findNear(source, {
        ...expected,
        x: expected.x + x * STEP * window.width,
        y: expected.y + y * STEP * window.height,
      }),
    );
    return sights.reduce(
      (best, sight) => (sight !== undefined && sight.confidence > (best?.confidence ?? 0) ? sight : best),
      near,
    );
  }

  #findNear(source: PixelSource, expected: PixelBox): Sight | undefined {
    const surroundings = readSurroundings(source, windowOf(expected));
    if (surroundings === undefined) return undefined;
    const tries = SIZES.map((size) => {
      const box = resized(expected, size);
      const patch = takePatch(surroundings, windowOf(box));
      return { size, ...this.#place(patch, box) };
    });
    const worth = ({ size, score }: { size: number; score: number }): number =>
      size === 1 ? score : score * SIZE_PENALTY;
    const best = tries.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    const box = resized(
      { ...best.box, width: expected.width * best.size, height: expected.height * best.size },
      1 + (1 / best.size - 1) * SIZE_RATE,
    );
    const placed = centredAt(box, best.box);
    const likeness = this.#colours.likeness(takePatch(surroundings, windowOf(placed)), partOf(placed));
    const shape = Math.min(1, Math.max(0, best.peak / FULL_PEAK));
    const colour = Math.min(1, Math.max(0, (likeness - STRANGE) / (SAME - STRANGE)));
    return { box: placed, confidence: Math.sqrt(shape * (0.3 * shape + 0.7 * colour)) };
  }

  /** Learns what the thing looks like now. */
  learn(source: PixelSource, box: PixelBox): void {
    const patch = patchAt(source, box);
    if (patch === undefined) return;
    this.#filter.learn(featuresOf(patch), this.#settings.shapeRate);
    this.#colours.learn(patch, partOf(box), this.#settings.colourRate);
  }

  #place(patch: Float32Array, box: PixelBox): { box: PixelBox; score: number; peak: number } {
    const shapes = this.#filter.answer(featuresOf(patch));
    const colours = densities(this.#colours.likelihood(patch), partOf(box));
    const share = this.#settings.colourShare;
    let [best, score] = [0, Number.NEGATIVE_INFINITY];
    const joined = shapes.map((shape, at) => (1 - share) * shape + share * colours[at]!);
    for (let at = 0; at < joined.length; at++) {
      if (joined[at]! <= score) continue;
      [best, score] = [at, joined[at]!];
    }
    const [row, column] = [Math.floor(best / gridSide), best % gridSide];
    const value = (r: number, c: number): number =>
      joined[Math.min(gridSide - 1, Math.max(0, r)) * gridSide + Math.min(gridSide - 1, Math.max(0, c))]!;
    const x = column + vertex(value(row, column - 1), score, value(row, column + 1));
    const y = row + vertex(value(row - 1, column), score, value(row + 1, column));
    const window = windowOf(box);
    return {
      box: {
        ...box,
        x: box.x + ((x - gridSide / 2) * window.width) / gridSide,
        y: box.y + ((y - gridSide / 2) * window.height) / gridSide,
      },
      score,
      peak: shapes[best]!,
    };
  }
}

/** The box and its surroundings: half the mean of its sides on every side. */
function windowOf(box: PixelBox): PixelBox {
  const context = (box.width + box.height) / 2;
  return {
    x: box.x - context / 2,
    y: box.y - context / 2,
    width: box.width + context,
    height: box.height + context,
  };
}

/** Where the box lies in a patch of its window. */
function partOf(box: PixelBox): Part {
  const window = windowOf(box);
  const [width, height] = [(box.width / window.width) * patchSide, (box.height / window.height) * patchSide];
  return {
    left: (patchSide - width) / 2,
    top: (patchSide - height) / 2,
    right: (patchSide + width) / 2,
    bottom: (patchSide + height) / 2,
  };
}

function patchAt(source: PixelSource, box: PixelBox): Float32Array | undefined {
  const window = windowOf(box);
  const surroundings = readSurroundings(source, window);
  return surroundings && takePatch(surroundings, window);
}

function resized(box: PixelBox, factor: number): PixelBox {
  const [width, height] = [box.width * factor, box.height * factor];
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

function centredAt(box: PixelBox, at: PixelBox): PixelBox {
  return { ...box, x: at.x + (at.width - box.width) / 2, y: at.y + (at.height - box.height) / 2 };
}

/** Mean of the likelihood in a box of that size around each cell. */
function densities(likelihood: Float64Array, thing: Part): Float64Array {
  const side = patchSide + 1;
  const sums = new Float64Array(side * side);
  for (let row = 0; row < patchSide; row++)
    for (let column = 0; column < patchSide; column++)
      sums[(row + 1) * side + column + 1] =
        likelihood[row * patchSide + column]! +
        sums[row * side + column + 1]! +
        sums[(row + 1) * side + column]! -
        sums[row * side + column]!;
  // The heart of the box: its edges show what is behind the thing.
  const halfWidth = Math.max(1, Math.round((thing.right - thing.left) * 0.4));
  const halfHeight = Math.max(1, Math.round((thing.bottom - thing.top) * 0.4));
  const cell = patchSide / gridSide;
  return Float64Array.from({ length: gridSide * gridSide }, (_, at) => {
    const [x, y] = [(at % gridSide) * cell, Math.floor(at / gridSide) * cell];
    const [left, right] = [Math.max(0, x - halfWidth), Math.min(patchSide, x + halfWidth)];
    const [top, bottom] = [Math.max(0, y - halfHeight), Math.min(patchSide, y + halfHeight)];
    const sum =
      sums[bottom * side + right]! -
      sums[top * side + right]! -
      sums[bottom * side + left]! +
      sums[top * side + left]!;
    return sum / (4 * halfWidth * halfHeight);
  });
}

/** Where between -0.5 and 0.5 a parabola through three values is highest. */
function vertex(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return bend < -1e-12 ? Math.min(0.5, Math.max(-0.5, (before - after) / (2 * bend))) : 0;
}
