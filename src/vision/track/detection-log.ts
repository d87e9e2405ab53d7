import type { PixelBox, Size } from '../../core/box.ts';
import type { ModelReference, Observation, ObservedClass } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';

/** What many observations have in common; kept once. */
export type ObservationLabel = Omit<Observation, 'box' | 'score'>;

/** Frames and observations for which room is made at first. */
const firstRoom = 1024;

/**
 * Everything observed in a file, kept for {@link trackTwoWay} in 28 bytes per observation and 10 per frame, so that
 * half an hour with ten things in each frame takes about 16 MB. Boxes are rounded to 32-bit floats (1/1000 pixel).
 */
export class DetectionLog {
  readonly frameSize: Size;
  #frames = 0;
  #times = new Float64Array(firstRoom);
  #cuts = new Uint8Array(firstRoom);
  #observed = new Uint8Array(firstRoom);
  #rows = 0;
  #rowFrames = new Int32Array(firstRoom);
  #rowLabels = new Int32Array(firstRoom);
  #rowScores = new Float32Array(firstRoom);
  #rowBoxes = new Float32Array(4 * firstRoom);
  readonly #labels: ObservationLabel[] = [];
  readonly #labelPlaces = new Map<string, number>();
  readonly #models = new Map<string, ModelReference>();

  /** @param frameSize pixels of the pictures as displayed. */
  constructor(frameSize: Size) {
    this.frameSize = frameSize;
  }

  /** Number of frames. */
  get frames(): number {
    return this.#frames;
  }

  /** Number of observations. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Notes the next frame of the file, whether or not detectors look at it. Frames are numbered from 0.
   * @param time later than that of the frame before.
   * @param cut true when the frame begins another scene.
   * @throws RangeError when times do not rise.
   */
  addFrame(time: Seconds, cut = false): void {
    if (this.#frames > 0 && !(time > this.#times[this.#frames - 1]!)) {
      throw new RangeError(
        `time ${time} of frame ${this.#frames} is not later than that of the frame before`,
      );
    }
    if (this.#frames === this.#times.length) {
      this.#times = grown(this.#times);
      this.#cuts = grown(this.#cuts);
      this.#observed = grown(this.#observed);
    }
    this.#times[this.#frames] = time;
    this.#cuts[this.#frames] = cut ? 1 : 0;
    this.#frames++;
  }

  /**
   * Takes in what detectors saw in a frame, perhaps nothing. May be called in any order and several times for a frame.
   * @throws RangeError when the frame has not been added.
   */
  add(frame: number, observations: readonly Observation[]): void {
    if (!(frame >= 0 && frame < this.#frames)) throw new RangeError(`frame ${frame} has not been added`);
    this.#observed[frame] = 1;
    for (const observation of observations) this.#addRow(frame, observation);
  }

  #addRow(frame: number, observation: Observation): void {
    const row = this.#rows++;
    if (row === this.#rowFrames.length) {
      this.#rowFrames = grown(this.#rowFrames);
      this.#rowLabels = grown(this.#rowLabels);
      this.#rowScores = grown(this.#rowScores);
      this.#rowBoxes = grown(this.#rowBoxes);
    }
    const { x, y, width, height } = observation.box;
    this.#rowFrames[row] = frame;
    this.#rowLabels[row] = this.#labelPlace(observation);
    this.#rowScores[row] = observation.score;
    this.#rowBoxes.set([x, y, width, height], 4 * row);
  }

  #labelPlace(observation: Observation): number {
    const { class: name, model, text, kind } = observation;
    const key = JSON.stringify([name, model.id, model.digest, text ?? null, kind ?? null]);
    let place = this.#labelPlaces.get(key);
    if (place === undefined) {
      place = this.#labels.length;
      this.#labelPlaces.set(key, place);
      this.#labels.push({
        class: name,
        model: this.#sharedModel(model),
        ...(text === undefined ? {} : { text }),
        ...(kind === undefined ? {} : { kind }),
      });
    }
    return place;
  }

  #sharedModel(model: ModelReference): ModelReference {
    const key = `${model.id} ${model.digest}`;
    const known = this.#models.get(key) ?? { id: model.id, digest: model.digest };
    this.#models.set(key, known);
    return known;
  }

  timeOf(frame: number): Seconds {
    return this.#times[frame]!;
  }

  /** Whether the frame begins another scene. */
  isCut(frame: number): boolean {
    return this.#cuts[frame] === 1;
  }

  /** Whether detectors looked at the frame. */
  isObserved(frame: number): boolean {
    return this.#observed[frame] === 1;
  }

  frameOf(row: number): number {
    return this.#rowFrames[row]!;
  }

  boxOf(row: number): PixelBox {
    const boxes = this.#rowBoxes;
    const at = 4 * row;
    return { x: boxes[at]!, y: boxes[at + 1]!, width: boxes[at + 2]!, height: boxes[at + 3]! };
  }

  scoreOf(row: number): number {
    return this.#rowScores[row]!;
  }

  labelOf(row: number): ObservationLabel {
    return this.#labels[this.#rowLabels[row]!]!;
  }

  /** The observations of each class, in order of their frames. */
  rowsByClass(): Map<ObservedClass, Int32Array> {
    const groups = new Map<ObservedClass, number[]>();
    for (let row = 0; row < this.#rows; row++) {
      const name = this.labelOf(row).class;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [row]);
      else group.push(row);
    }
    const frames = this.#rowFrames;
    const ordered = [...groups].map(([name, group]): [ObservedClass, Int32Array] => [
      name,
      Int32Array.from(group).sort((a, b) => frames[a]! - frames[b]! || a - b),
    ]);
    return new Map(ordered);
  }
}

function grown<T extends Float64Array | Float32Array | Int32Array | Uint8Array>(column: T): T {
  const larger = new (column.constructor as new (length: number) => T)(2 * column.length);
  larger.set(column);
  return larger;
}
