import type { PixelBox } from '../../src/core/box.ts';
import type { RgbImage } from '../../src/vision/detection.ts';
import { InferencePool } from '../../src/vision/inference-pool.ts';
import type { DetectOptions, Work } from '../../src/vision/inference-protocol.ts';
import type { ObservableFrame } from '../../src/vision/observe.ts';

/** One run of a model that a pool was asked for, with its picture. */
export interface RecordedRun {
  readonly work: Work;
  readonly modelId: string;
  readonly image: RgbImage;
  readonly options: DetectOptions;
}

/** Notes every run that any pool of this process is asked for until `stop` is called. */
export function recordRuns(): { readonly runs: readonly RecordedRun[]; stop(): void } {
  const runs: RecordedRun[] = [];
  const pool = InferencePool.prototype;
  const { detect, detectText, readText } = pool;
  const note = (work: Work, modelId: string, image: RgbImage, options: DetectOptions = {}): void => {
    // The pool gives the picture's memory away.
    runs.push({ work, modelId, image: { ...image, data: image.data.slice() }, options });
  };
  pool.detect = function (modelId, image, options) {
    note('detect', modelId, image, options);
    return detect.call(this, modelId, image, options);
  };
  pool.detectText = function (modelId, image, options) {
    note('detectText', modelId, image, options);
    return detectText.call(this, modelId, image, options);
  };
  pool.readText = function (modelId, image) {
    note('readText', modelId, image);
    return readText.call(this, modelId, image);
  };
  return { runs, stop: () => void Object.assign(pool, { detect, detectText, readText }) };
}

/** Asks a frame for pixels, as a look did. */
export type RecordedRead = (frame: ObservableFrame) => void;

/** Passes frames on and notes by frame what is read of each. */
export async function* recordReads(
  frames: AsyncIterable<ObservableFrame>,
  reads: Map<number, RecordedRead[]>,
): AsyncGenerator<ObservableFrame> {
  for await (const frame of frames) {
    const list: RecordedRead[] = [];
    reads.set(frame.index, list);
    yield new RecordingFrame(frame, list);
  }
}

class RecordingFrame implements ObservableFrame {
  readonly index: number;
  readonly time: number;
  readonly width: number;
  readonly height: number;
  readonly #frame: ObservableFrame;
  readonly #reads: RecordedRead[];

  constructor(frame: ObservableFrame, reads: RecordedRead[]) {
    ({ index: this.index, time: this.time, width: this.width, height: this.height } = frame);
    this.#frame = frame;
    this.#reads = reads;
  }

  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset = 0,
    stride = width * 3,
  ): void {
    const { length } = target;
    this.#reads.push((frame) => {
      frame.readRgb(crop, width, height, room(length), offset, stride);
    });
    this.#frame.readRgb(crop, width, height, target, offset, stride);
  }

  readLuma(width: number, height: number): Uint8Array {
    this.#reads.push((frame) => frame.readLuma(width, height));
    return this.#frame.readLuma(width, height);
  }

  retain(): unknown {
    return this.#frame.retain();
  }

  release(): void {
    this.#frame.release();
  }
}

let spare = new Uint8Array(0);

/** Memory to read into, the same one again and again. */
function room(length: number): Uint8Array {
  if (spare.length < length) spare = new Uint8Array(length);
  return spare.subarray(0, length);
}
