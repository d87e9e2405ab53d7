import { toPixels, type PixelBox } from '../../core/box.ts';
import type { Observation, ObservedClass, PixelSource } from '../../core/observation.ts';
import type { InferencePool } from '../inference-pool.ts';
import { fitCrop } from '../input.ts';
import { isCut, mergeTiles } from '../nms.ts';

export interface WindowDetectorOptions {
  /** Model of the pool. */
  readonly model: string;
  /** Lowest score reported, 0..1. */
  readonly threshold: number;
  /** The classes looked for, by the name the model has, with the name to report. */
  readonly classes: Readonly<Record<string, ObservedClass>>;
}

/** Overlap (IoU) above which two windows saw the same thing. */
const sameThing = 0.5;
/** Pixels from a window's inner edge within which a box counts as cut off there. */
const cutMargin = 3;

/** Looks at windows of a picture, each enlarged to the size the model takes, and joins what they show. */
export class WindowDetector {
  readonly #pool: InferencePool;
  readonly #options: WindowDetectorOptions;

  constructor(pool: InferencePool, options: WindowDetectorOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /** @returns in pixels of the source; the source may be released when the promise settles. */
  async look(source: PixelSource, windows: readonly PixelBox[]): Promise<Observation[]> {
    const found = await Promise.all(windows.map((window) => this.#lookAt(source, window)));
    return mergeTiles(found.flat(), sameThing).map(({ cut: _, ...observation }) => observation);
  }

  async #lookAt(source: PixelSource, window: PixelBox): Promise<(Observation & { cut: boolean })[]> {
    const { model: id, threshold, classes } = this.#options;
    const card = this.#pool.card(id);
    const { width, height } = card.input;
    const fit = fitCrop(card.input, window);
    const data = this.#pool.takeBuffer(width * height * 3);
    source.readRgb(window, fit.width, fit.height, data, (fit.y * width + fit.x) * 3, width * 3);
    const names = Object.keys(classes);
    const detections = await this.#pool.detect(id, { width, height, data }, { threshold, classes: names });
    const model = { id: card.id, digest: card.digest };
    return detections.map((detection) => {
      const box = toPixels(fit.toCrop(detection.box), window);
      return {
        class: classes[detection.class]!,
        kind: detection.class,
        box,
        score: detection.score,
        model,
        cut: isCut(box, window, source, cutMargin),
      };
    });
  }
}
