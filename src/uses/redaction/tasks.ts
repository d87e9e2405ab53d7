import type { FrameObservations } from '../../core/observation.ts';
import type { Progress } from '../../core/progress.ts';
import type { Followed, FollowRequest } from '../../vision/follow/follow.ts';
import type { ClipTimes } from './check/doubts.ts';
import type { CheckReport } from './check/report.ts';
import type { EngineOptions, LookOptions } from './engine.ts';
import type { OutputFile } from './outputs.ts';
import type { RedactionRecord } from './record/schema.ts';
import type { Glance } from './review/similar-looks.ts';
import type { RedactionSettings } from './settings.ts';
import type { Rendered } from './work.ts';

/**
 * The steps from a source to what is handed over, in their order. Those of a video run in a process each, so that none
 * carries what the one before it held; those of a picture share one, as it is decoded once.
 */
export const passes = ['plan', 'render', 'check', 'record'] as const;
export type Pass = (typeof passes)[number];

/** What the passes before gave to the ones after, beside the files. */
export interface PassResults {
  /** What the analysis had to say; absent when a plan was given. */
  readonly notes?: readonly string[];
  readonly regions?: RedactionRecord['regions'];
  /** What the analysis learnt of the file's time; absent when a plan was given. */
  readonly clip?: ClipTimes;
  readonly rendered?: Rendered;
  readonly checked?: CheckReport;
  readonly record?: RedactionRecord;
}

/** A file that is being made, and the name it will get when it is whole. */
export interface FileInWork {
  readonly path: string;
  readonly name: string;
}

/** One file to redact, or those passes over it that one process makes. */
export interface RedactTask {
  readonly task: 'redact';
  readonly passes: readonly Pass[];
  readonly results: PassResults;
  readonly input: string;
  readonly kind: 'video' | 'picture';
  readonly container: string;
  readonly engine: EngineOptions;
  readonly settings: RedactionSettings;
  /** Text of a plan that the user gave, which is rendered instead of one of our own. */
  readonly plan?: string;
  /** Deliver what is seen while the plan is made. */
  readonly deliver?: true;
  readonly files: Readonly<Record<OutputFile, FileInWork>>;
}

/** One file to look at. */
export interface DetectTask {
  readonly task: 'detect';
  readonly input: string;
  readonly kind: 'video' | 'picture';
  readonly engine: EngineOptions;
  readonly look: LookOptions;
  readonly allowDamage: boolean;
}

/** A box to follow through a video. */
export interface FollowTask {
  readonly task: 'follow';
  readonly input: string;
  readonly request: FollowRequest;
}

/** Tracks of a video to look at for their colours. */
export interface LooksTask {
  readonly task: 'looks';
  readonly input: string;
  /** In the order of time. */
  readonly glances: readonly Glance[];
}

/** What a worker is told to do. Plain data; the parent has checked it. */
export type WorkerTask = RedactTask | DetectTask | FollowTask | LooksTask;

/** What a worker says while it works. */
export type WorkerMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'seen'; readonly seen: FrameObservations }
  | { readonly type: 'followed'; readonly followed: Followed };

/** What came of it. */
export type WorkerResult =
  | { readonly task: 'redact'; readonly results: PassResults }
  | { readonly task: 'follow'; readonly followed: Followed }
  /** By the ids of regions; see similar-halves.ts. */
  | { readonly task: 'looks'; readonly looks: Readonly<Record<string, string>> }
  | {
      readonly task: 'detect';
      readonly models: RedactionRecord['models'];
      readonly stamp?: string;
      readonly notes: readonly string[];
    };
