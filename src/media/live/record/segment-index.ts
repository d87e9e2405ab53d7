import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { systemCode } from '../../../core/errors.ts';
import { AtomicFile } from './atomic-file.ts';

/** A recorded file of a camera. Wall times, milliseconds since 1970; `sha256` hex. */
export const segmentSchema = z.strictObject({
  camera: z.string().min(1),
  from: z.number(),
  to: z.number(),
  codecs: z.string(),
  file: z.string().min(1),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Segment = z.infer<typeof segmentSchema>;

/** A stretch of wall time, milliseconds since 1970. */
export interface WallSpan {
  readonly from: number;
  readonly to: number;
}

/** What must not be deleted, whatever its age: evidence, or a court's or a clerk's order. */
export interface LegalHold extends WallSpan {
  /** All cameras when absent. */
  readonly camera?: string;
}

export interface RetentionPolicy {
  /** Milliseconds after which a file is deleted. */
  readonly maxAge: number;
  /** Above so many bytes the oldest files are deleted. */
  readonly maxBytes: number;
  readonly holds: readonly LegalHold[];
}

export interface RetentionPlan {
  readonly remove: readonly Segment[];
  /** Kept because of a hold alone. */
  readonly held: readonly Segment[];
  /** Bytes that stay; above `maxBytes` when holds leave no choice: somebody must be told. */
  readonly bytes: number;
}

/** Which files are to be deleted now. */
export function planRetention(
  segments: readonly Segment[],
  { maxAge, maxBytes, holds }: RetentionPolicy,
  now: number,
): RetentionPlan {
  const [remove, held]: [Segment[], Segment[]] = [[], []];
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  for (const segment of segments.toSorted((a, b) => a.from - b.from)) {
    if (now - segment.to <= maxAge && bytes <= maxBytes) continue;
    const isHeld = holds.some(
      ({ camera = segment.camera, from, to }) =>
        camera === segment.camera && segment.to > from && segment.from < to,
    );
    (isHeld ? held : remove).push(segment);
    if (!isHeld) bytes -= segment.bytes;
  }
  return { remove, held, bytes };
}

/** The recorded files of a machine that has no database, as JSON lines in one file. One process at a time. */
export class SegmentIndex {
  readonly #file: string;
  #segments: Segment[];

  private constructor(file: string, segments: Segment[]) {
    this.#file = file;
    this.#segments = segments;
  }

  /** @param file is made with the first row. Lines that a crash cut off are left out. */
  static async open(file: string): Promise<SegmentIndex> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return '';
      throw error;
    });
    const rows = text.split('\n').map((line) => segmentSchema.safeParse(parsed(line)).data);
    return new SegmentIndex(
      file,
      rows.filter((row) => row !== undefined),
    );
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  async add(segment: Segment): Promise<void> {
    this.#segments.push(segment);
    await this.#save();
  }

  /** Deletes what the policy says: the row first, so that none points to a file that is gone. */
  async retain(policy: RetentionPolicy, now: number): Promise<RetentionPlan> {
    const plan = planRetention(this.#segments, policy, now);
    if (plan.remove.length > 0) {
      const gone = new Set(plan.remove);
      this.#segments = this.#segments.filter((segment) => !gone.has(segment));
      await this.#save();
    }
    for (const { file } of plan.remove) await rm(file, { force: true });
    return plan;
  }

  async #save(): Promise<void> {
    const file = await AtomicFile.create(this.#file);
    try {
      await file.write(Buffer.from(this.#segments.map((segment) => `${JSON.stringify(segment)}\n`).join('')));
    } catch (error) {
      await file.abandon();
      throw error;
    }
    await file.finish();
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
