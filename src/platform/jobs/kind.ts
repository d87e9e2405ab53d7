import type { z } from 'zod';
import type { Progress } from '../../core/progress.ts';
import type { PermitSource } from '../../host/permit-source.ts';

/** A kind of work that ends. Uses declare theirs in `jobs.ts`; {@link startJobs} runs them. */
export interface JobKind<Input extends object = object, Result extends object = object> {
  /** Name of the queue: `redaction.redact`. Letters, digits, dots, dashes. */
  readonly queue: string;
  /** The use of AI, or `platform`. */
  readonly use: string;
  /** What its models are run for, as permits name it; the name of the use when absent. */
  readonly purpose?: string;
  /** What it is given. Checked when the job is made, and again when it is taken up: a queue outlives versions. */
  readonly input: z.ZodType<Input>;
  /** Jobs of this kind that one process does at a time. */
  readonly concurrency: number;
  /** Further tries after a fault that may pass. A {@link TidewaiterError} is an answer and is not tried again. */
  readonly retries: number;
  /**
   * Does the work. It may be done twice when a process dies: only one of the results is kept, and what is written
   * beside the result must stand being written twice.
   */
  run(job: RunningJob<Input>): Promise<Result>;
}

/** A job as its handler sees it. */
export interface RunningJob<Input> {
  readonly id: string;
  readonly siteId: string;
  readonly caseId: string | undefined;
  readonly createdBy: string;
  readonly input: Input;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted when the job is cancelled, taken over by another process, or this one stops. */
  readonly signal: AbortSignal;
  /** What its models may run under; absent for work of the platform, which runs none. */
  readonly permit: PermitSource | undefined;
  /** Tell it as often as you like; the newest is kept, about twice a second. */
  progress(progress: Progress): void;
}

/** What is known of a job before it starts: whoever enforces rules may refuse it by throwing. */
export interface JobAboutToStart {
  readonly id: string;
  readonly use: string;
  readonly queue: string;
  readonly siteId: string;
  readonly caseId: string | undefined;
  readonly createdBy: string;
  readonly purpose: string;
  readonly input: object;
}

/** Declares a kind, so that its handler sees the type of its input. */
export function jobKind<Input extends object, Result extends object>(kind: JobKind<Input, Result>): JobKind {
  return kind;
}
