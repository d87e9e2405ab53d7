import type { FrameObservations } from '../../core/observation.ts';
import type { ReportProgress } from '../../core/progress.ts';
import type { Picture } from '../../media/picture/index.ts';
import type { RedactionPlan } from './plan.ts';
import type { Followed } from './propose.ts';

/** One file to look at. */
export interface AnalyseRequest {
  readonly input: string;
  readonly kind: 'video' | 'picture';
  /** Extension of the output, without the dot. */
  readonly container: string;
  /** Go on where video is damaged, with the damaged frames blank. */
  readonly allowDamage: boolean;
}

export interface AnalyseHooks {
  readonly onProgress?: ReportProgress;
  /** What was seen, in the order of time. */
  readonly onLook?: (seen: FrameObservations) => void;
  /** Awaited when all of a video was looked at, before what was seen is put together: models may make room for that. */
  readonly onLooked?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/** What a look at a file gave. */
export interface Analysis {
  readonly source: RedactionPlan['source'];
  readonly followed: Followed;
  readonly first: number;
  readonly last: number;
  /** Times of first frames after a cut. */
  readonly cuts: readonly number[];
  readonly notes: readonly string[];
  /** The opened picture, so that rendering need not decode it again. */
  readonly picture?: Picture;
}

/** What a person should know about how the output differs from the source. */
export interface Rendered {
  readonly frames: number;
  readonly notes: readonly string[];
  /** What was left out: tags, tracks, side data. */
  readonly removed: readonly { readonly kind: string; readonly what: string }[];
  readonly audio: readonly { readonly mode: string; readonly codec: string; readonly note?: string }[];
}

export interface RenderRequest {
  readonly input: string;
  readonly plan: RedactionPlan;
  /** Written as it is; the caller gives a temporary name and renames what is whole. */
  readonly output: string;
  readonly allowDamage: boolean;
  /** The source, when it is a picture that is open already. It is drawn on. */
  readonly picture?: Picture;
}

export interface RenderHooks {
  readonly onProgress?: ReportProgress;
  readonly signal?: AbortSignal;
}
