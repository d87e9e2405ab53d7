import { z } from 'zod';
import { sha256 } from '../../core/digest.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import { version } from '../../core/version.ts';
import type { RedactionPlan } from './plan.ts';
import type { Rendered } from './work.ts';
import type { RedactionSettings } from './settings.ts';

const fileSchema = z.strictObject({ file: z.string(), sha256: z.string(), bytes: z.int() });

/** What was done to one file: written beside the output, and what a folder run reads to know what is done. */
export const recordSchema = z.strictObject({
  format: z.literal('tidewaiter-redaction-record'),
  version: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  stamp: z.string().optional(),
  source: fileSchema,
  output: fileSchema,
  plan: z.strictObject({ file: z.string(), sha256: z.string() }),
  profile: z.string(),
  /** SHA-256 of the settings that made the plan, or of the plan that was given. */
  settings: z.string(),
  models: z.array(z.strictObject({ id: z.string(), digest: z.string(), threshold: z.number() })),
  frames: z.int(),
  /** Regions by class: how many were covered and how many were proposed and left visible. */
  regions: z.record(z.string(), z.strictObject({ covered: z.int(), visible: z.int() })),
  audio: z.array(z.strictObject({ mode: z.string(), codec: z.string(), note: z.string().optional() })),
  removed: z.array(z.strictObject({ kind: z.string(), what: z.string() })),
  notes: z.array(z.string()),
});
export type RedactionRecord = z.infer<typeof recordSchema>;

/** The files a record speaks of. */
export interface RecordFiles {
  readonly source: z.infer<typeof fileSchema>;
  readonly output: z.infer<typeof fileSchema>;
  readonly plan: { readonly file: string; readonly sha256: string };
}

export function makeRecord(
  plan: RedactionPlan,
  rendered: Rendered,
  files: RecordFiles,
  settingsDigest: string,
  notes: readonly string[],
): RedactionRecord {
  return {
    format: 'tidewaiter-redaction-record',
    version: 1,
    tool: { name: 'tidewaiter', version },
    ...(plan.stamp === undefined ? {} : { stamp: plan.stamp }),
    ...files,
    profile: plan.profile,
    settings: settingsDigest,
    models: plan.models,
    frames: rendered.frames,
    regions: countRegions(plan),
    audio: rendered.audio.map(({ mode, codec, note }) => ({
      mode,
      codec,
      ...(note === undefined ? {} : { note }),
    })),
    removed: rendered.removed.map(({ kind, what }) => ({ kind, what })),
    notes: [...new Set([...notes, ...rendered.notes])],
  };
}

export function countRegions(plan: RedactionPlan): RedactionRecord['regions'] {
  const counts: RedactionRecord['regions'] = {};
  for (const region of plan.regions) {
    const count = (counts[region.class] ??= { covered: 0, visible: 0 });
    if (region.redact) count.covered += 1;
    else count.visible += 1;
  }
  return counts;
}

/** Equal settings of the same version give equal digests, so that a folder run can tell what it need not repeat. */
export function settingsDigest(settings: RedactionSettings): string {
  return sha256(canonicalJson({ version, settings }));
}

export function planDigest(planText: string): string {
  return sha256(planText);
}

/** The record in a file's text, or undefined when it is not one that this version wrote. */
export function readRecord(text: string): RedactionRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
