import type { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { check, misfitsOf } from '../../core/misfit.ts';

/** A kind of work that does not end. Uses declare theirs in `jobs.ts`; a {@link ServiceRunner} runs them. */
export interface ServiceKind<Settings extends object = object> {
  /** `cameras.watch`. Letters, digits, dots, dashes. */
  readonly name: string;
  /** The use of AI, or `platform`. */
  readonly use: string;
  /** Checked when the service is made or changed, and again when it is taken up: a row outlives versions. */
  readonly settings: z.ZodType<Settings>;
  /** Services of this kind that one process runs at a time. */
  readonly concurrency: number;
  /**
   * Works until `context.signal` is aborted, and then ends within a second or two: what holds on longer may run beside
   * the one that took over. Ending before that, with an error or without, is a failure, and it is started again. What
   * it writes goes through {@link fenced}, so that nothing of an older one comes after what a newer one wrote.
   */
  run(service: RunningService<Settings>, context: ServiceContext): Promise<void>;
}

/** A service as its kind sees it. */
export interface RunningService<Settings> {
  readonly id: string;
  readonly siteId: string;
  readonly settings: Settings;
}

export interface ServiceContext {
  /** Aborted when the service is stopped or changed, the lease is lost or may be, or this process stops. */
  readonly signal: AbortSignal;
  /** Number of this run, for {@link fenced}. */
  readonly generation: number;
  /** Says how it goes. As often as you like; the newest is kept, about twice a second. No personal data. */
  tell(note: object): void;
}

/** Declares a kind, so that it sees the type of its settings. */
export function serviceKind<Settings extends object>(kind: ServiceKind<Settings>): ServiceKind {
  return kind;
}

/** @throws TidewaiterError `E_SERVICE_SETTINGS` when they do not fit the kind. */
export function checkSettings(kind: ServiceKind, settings: unknown): object {
  const checked = check(kind.settings, settings);
  if (checked.success) return checked.data;
  const misfits = misfitsOf(checked.error).map(({ place, what }) => `${place || 'all of it'}: ${what}`);
  throw new TidewaiterError(
    'E_SERVICE_SETTINGS',
    `The settings do not fit a service of kind ${kind.name} (${misfits.join('; ')})`,
    'Correct what the message names.',
  );
}
