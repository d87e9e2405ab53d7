import type { FrameObservations } from '../../core/observation.ts';
import type { Progress } from '../../core/progress.ts';
import type { EngineOptions, LookOptions } from './engine.ts';
import type { RedactionRecord } from './record.ts';
import type { RedactionSettings } from './settings.ts';

/** What a worker is told to do. Plain data; the parent has checked it. */
export type WorkerTask =
  | {
      readonly task: 'redact';
      readonly input: string;
      readonly kind: 'video' | 'picture';
      readonly container: string;
      readonly engine: EngineOptions;
      readonly settings: RedactionSettings;
      /** Text of a plan to render instead of analysing. */
      readonly plan?: string;
      /** Unfinished names to write to, and the names they will get. Without `media`, only the plan is made. */
      readonly files: {
        readonly plan: { readonly path: string; readonly name: string };
        readonly media?: { readonly path: string; readonly name: string };
      };
    }
  | {
      readonly task: 'detect';
      readonly input: string;
      readonly kind: 'video' | 'picture';
      readonly engine: EngineOptions;
      readonly look: LookOptions;
      readonly allowDamage: boolean;
    };

/** What a worker says while it works. */
export type WorkerMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'seen'; readonly seen: FrameObservations };

/** What came of it. */
export type WorkerResult =
  | { readonly task: 'redact'; readonly record: RedactionRecord }
  | { readonly task: 'plan'; readonly regions: RedactionRecord['regions']; readonly notes: readonly string[] }
  | {
      readonly task: 'detect';
      readonly models: RedactionRecord['models'];
      readonly stamp?: string;
      readonly notes: readonly string[];
    };
