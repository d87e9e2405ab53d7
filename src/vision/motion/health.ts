import type { Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { blockMeans } from './block-means.ts';
import { Sharpness } from './sharpness.ts';

/** Whether a camera sees what it should, and since when it does not. */
export interface PictureHealth {
  readonly state: 'good' | 'black' | 'blurred' | 'covered' | 'frozen' | 'moved';
  readonly since: Seconds;
}

/** Side of the blocks, pixels of the plane, between which edges are looked for. */
const block = 4;
/** Mean and deviation of luma below which a picture is black. */
const blackMean = 24;
const blackDeviation = 4;
/** Share of a black picture's blocks that may be brighter: a lamp that passes in the dark shows nothing of the scene. */
const litShare = 0.1;
/** Share of its usual detail that a covered picture has left. */
const coveredDetail = 0.25;
/** Detail below which a scene has too little to judge by (fog, night): mean absolute gradient, luma. */
const leastDetail = 1;
/** Likeness of edges (correlation) to the learned ones below which the camera looks somewhere else. */
const movedLikeness = 0.25;
/** Share of its usual sharpness below which a picture is blurred when that lasts, and above which it is sharp again. */
const blurredShare = 0.6;
const sharpShare = 0.7;
const blurredAfter: Seconds = 4;
/**
 * Likeness of edges above which it is the usual scene that is seen, however badly or dimly. Pictures of a scene that are
 * usually less like it than that are noise: they do not tell where the camera looks.
 */
const sameScene = 0.4;
/** Edges count up to this many times the usual detail, else one bright thing in the dark outweighs all of the scene. */
const strongest = 2;
/** Sharpness is learned over a longer time than light: dew takes minutes to settle. */
const sharpMemory: Seconds = 600;
/** A picture that is well is judged so often; one that may not be, and one that is still being learned, more closely. */
const judgedEvery: Seconds = 1;
const judgedClosely: Seconds = 0.2;
/** Time of identical pictures after which the stream is frozen: a live sensor always has some noise. */
const frozenAfter: Seconds = 3;
/** Time over which the usual picture is learned, and the least of it before anything can be missed. */
const memory: Seconds = 60;
const settling: Seconds = 4;

/** A plane, the means of its blocks, the mean of its edges between them, and how like they are to the usual ones. */
interface Judged {
  readonly luma: Uint8Array;
  readonly means: Float32Array;
  readonly detail: number;
  readonly likeness: number;
}

/** Watches the pictures of one camera for what makes it blind. Works on the motion gate's luma plane. */
export class HealthWatch {
  readonly #size: Size;
  readonly #blocks: Size;
  readonly #usual: Float32Array;
  readonly #sharpness: Sharpness;
  #usualDetail = 0;
  #usualSharp = 0;
  #usualLikeness = 0;
  #softSince: Seconds | undefined;
  #last: Uint8Array | undefined;
  /** When a picture was judged last. */
  #time: Seconds | undefined;
  #started: Seconds = 0;
  #sameSince: Seconds = 0;
  #state: PictureHealth = { state: 'good', since: 0 };

  constructor(size: Size) {
    this.#size = size;
    this.#blocks = { width: Math.floor(size.width / block), height: Math.floor(size.height / block) };
    this.#usual = new Float32Array(this.#blocks.width * this.#blocks.height);
    this.#sharpness = new Sharpness(size);
  }

  /** Takes in the next plane. @param time later than that of the call before. */
  update(luma: Uint8Array, time: Seconds): PictureHealth {
    if (this.#last === undefined || !sameBytes(this.#last, luma)) this.#sameSince = time;
    this.#last = luma;
    if (this.#time === undefined) this.#started = time;
    else if (time - this.#time < (this.#isSettled(time) ? judgedEvery : judgedClosely)) return this.#state;
    const step = this.#time === undefined ? 0 : time - this.#time;
    this.#time = time;
    const { means } = blockMeans(luma, this.#size, block);
    const edges = gradients(means, this.#blocks);
    const detail = mean(edges);
    const sharp = this.#measure(luma, time);
    const likeness = this.#likeness(edges);
    const state = this.#judge({ luma, means, detail, likeness }, time);
    if (state !== this.#state.state) this.#state = { state, since: this.#sinceOf(state, time) };
    if (state !== 'good') return this.#state;
    if (sharp !== undefined && this.#softSince === undefined)
      this.#usualSharp += this.#rate(sharpMemory, step, time) * (sharp - this.#usualSharp);
    const rate = this.#rate(memory, step, time);
    this.#usualLikeness += rate * (likeness - this.#usualLikeness);
    this.#learn(edges, detail, rate);
    return this.#state;
  }

  /** Whether nothing speaks against a picture that is well, and what is usual is known. */
  #isSettled(time: Seconds): boolean {
    return (
      this.#state.state === 'good' &&
      this.#softSince === undefined &&
      time - this.#sameSince < frozenAfter &&
      time - this.#started >= settling
    );
  }

  #judge({ luma, means, detail, likeness }: Judged, time: Seconds): PictureHealth['state'] {
    const level = mean(means);
    if (level < blackMean && deviation(luma, level) < blackDeviation) return 'black';
    const lit = means.reduce((count, one) => count + Number(one >= blackMean), 0);
    const stillBlack = this.#state.state === 'black' && lit < litShare * means.length;
    if (stillBlack && likeness < sameScene) return 'black';
    if (time - this.#sameSince >= frozenAfter) return 'frozen';
    if (time - this.#started < settling || this.#usualDetail < leastDetail) return 'good';
    if (this.#softSince !== undefined && likeness >= sameScene)
      return time - this.#softSince >= blurredAfter ? 'blurred' : this.#state.state;
    // With little light left there is little detail too, where it always was.
    if (likeness >= sameScene) return 'good';
    if (detail < coveredDetail * this.#usualDetail) return 'covered';
    return likeness < movedLikeness && this.#usualLikeness >= sameScene ? 'moved' : 'good';
  }

  /** Of edges to the usual ones: as they are, or bounded, whichever is more alike. */
  #likeness(edges: Float32Array): number {
    const [seen, usual] = [this.#bounded(edges), this.#bounded(this.#usual)];
    return Math.max(correlation(edges, this.#usual), correlation(seen, usual));
  }

  #bounded(edges: Float32Array): Float32Array {
    return edges.map((one) => Math.min(one, strongest * this.#usualDetail));
  }

  #sinceOf(state: PictureHealth['state'], time: Seconds): Seconds {
    if (state === 'frozen') return this.#sameSince;
    return state === 'blurred' ? this.#softSince! : time;
  }

  /** @returns the sharpness, when there is enough to see. What cannot be measured stays what it was. */
  #measure(luma: Uint8Array, time: Seconds): number | undefined {
    const sharp = this.#sharpness.measure(luma);
    if (sharp === undefined) return undefined;
    const enough = this.#state.state === 'blurred' ? sharpShare : blurredShare;
    if (sharp >= enough * this.#usualSharp) this.#softSince = undefined;
    else this.#softSince ??= time;
    return sharp;
  }

  /** Weight of what was seen for `step` seconds, against what is remembered; at first all counts alike. */
  #rate(over: Seconds, step: Seconds, time: Seconds): number {
    return step === 0 ? 1 : Math.max(1 - Math.exp(-step / over), step / (time - this.#started + step));
  }

  #learn(edges: Float32Array, detail: number, rate: number): void {
    this.#usualDetail += rate * (detail - this.#usualDetail);
    const seen = this.#bounded(edges);
    for (let at = 0; at < seen.length; at++) {
      this.#usual[at] = this.#usual[at]! + rate * (seen[at]! - this.#usual[at]!);
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Absolute differences to the right and lower neighbours: where things have edges, whatever the light. */
function gradients(means: Float32Array, { width, height }: Size): Float32Array {
  const edges = new Float32Array(means.length);
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0, at = y * width; x < width - 1; x++, at++) {
      const here = means[at]!;
      edges[at] = Math.abs(means[at + 1]! - here) + Math.abs(means[at + width]! - here);
    }
  }
  return edges;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

function deviation(values: Uint8Array, level: number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (values[at]! - level) ** 2;
  return Math.sqrt(sum / values.length);
}

function correlation(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ownA, ownB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const x = a[at]! - meanA;
    const y = b[at]! - meanB;
    both += x * y;
    ownA += x * x;
    ownB += y * y;
  }
  return ownA > 0 && ownB > 0 ? both / Math.sqrt(ownA * ownB) : 0;
}
