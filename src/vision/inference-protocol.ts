import type { KeyObject } from 'node:crypto';
import type { ErrorReport } from '../core/errors.ts';
import type { Permit } from '../core/permit.ts';
import type { ModelCard } from '../models/card.ts';
import type { RawDetection, TextQuad, TextReading } from './detection.ts';

/** What a pool may run and under which permit; every worker gets it when it starts. */
export interface PoolSettings {
  /** Models by id, each with the lowest score threshold at which it is meant to be used. */
  readonly models: readonly { readonly id: string; readonly threshold: number }[];
  readonly permit: Permit;
  /** The key of the authority that signs permits; needed for signed permits. */
  readonly publicKey?: KeyObject;
  readonly now: Date;
  /** The use that the permit must name. */
  readonly use: string;
  /** What for and where, if it is known; the permit must say the same. */
  readonly purpose?: string | undefined;
  readonly site?: string | undefined;
  /** Where converted weights are kept. */
  readonly cacheDir: string;
  /** Where the user's own models and cards are. */
  readonly userDir?: string;
  /** Lets models run whose licence is unclear. */
  readonly allowUnclearLicence?: boolean;
}

export interface DetectOptions {
  /** Lowest score to report, 0..1; the pool's threshold for the model by default. The permit must allow it. */
  readonly threshold?: number;
  /** Names of the classes to look for, as the card has them; all by default. */
  readonly classes?: readonly string[];
}

/** Kinds of work and what comes of each. */
export interface Results {
  detect: RawDetection[];
  detectText: TextQuad[];
  readText: TextReading;
}
export type Work = keyof Results;

/** A picture to look at. `data` is packed RGB and goes back with the answer. */
export interface Call {
  readonly kind: 'call';
  readonly call: number;
  readonly work: Work;
  readonly modelId: string;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly options: DetectOptions;
}

/** Pool to worker. `open` opens every model now and asks for the cards; otherwise a model is opened by its first call. */
export type PoolMessage = Call | { readonly kind: 'open' } | { readonly kind: 'close' };

/** Worker to pool. */
export type WorkerMessage =
  | { readonly kind: 'opened'; readonly cards: readonly ModelCard[] }
  | { readonly kind: 'refused'; readonly error: ErrorReport }
  | {
      readonly kind: 'done';
      readonly call: number;
      readonly data: Uint8Array<ArrayBuffer>;
      readonly value: Results[Work];
    }
  | {
      readonly kind: 'failed';
      readonly call: number;
      readonly data: Uint8Array<ArrayBuffer>;
      readonly error: ErrorReport;
    };
