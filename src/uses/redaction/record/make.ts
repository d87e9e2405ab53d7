import type { Permit } from '../../../core/permit.ts';
import { version } from '../../../core/version.ts';
import type { CheckReport } from '../check/report.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import type { ReasonTable } from '../reasons.ts';
import type { Rendered } from '../work.ts';
import { usedReasons } from './used-reasons.ts';
import type { CoveredRegion, RecordAttachment, RecordedFile, RedactionRecord } from './schema.ts';

/** What a record is made of. */
export interface RecordParts {
  readonly plan: RedactionPlan;
  readonly rendered: Rendered;
  readonly files: {
    readonly source: RecordedFile;
    readonly output: RecordedFile;
    readonly plan: { readonly file: string; readonly sha256: string };
  };
  /** SHA-256 of the settings that made the plan, or of the plan that was given. */
  readonly settingsDigest: string;
  /** What analysis said; the notes of rendering are added. */
  readonly notes: readonly string[];
  /** When it was made: ISO 8601 in UTC. */
  readonly madeAt: string;
  /** The permit the models ran under; absent when a plan was given. */
  readonly permit?: Permit;
  /** The table the plan's codes come from. Codes that it lacks are looked up in the built-in tables. */
  readonly reasons?: ReasonTable;
  readonly check?: CheckReport;
}

/** The record of one redaction, still without attachments. Equal parts give equal records. */
export function makeRecord(parts: RecordParts): RedactionRecord {
  const { plan, rendered, files, check } = parts;
  const { kind, width, height, duration } = plan.source;
  const covered = coveredRegions(plan);
  return {
    format: 'tidewaiter-redaction-record',
    version: 2,
    tool: { name: 'tidewaiter', version },
    madeAt: parts.madeAt,
    ...(plan.stamp === undefined ? {} : { stamp: plan.stamp }),
    ...(parts.permit === undefined ? {} : { permit: permitSummary(parts.permit) }),
    source: { ...files.source, kind, width, height, duration },
    output: files.output,
    plan: files.plan,
    attachments: [],
    profile: plan.profile,
    settings: parts.settingsDigest,
    models: plan.models,
    frames: rendered.frames,
    regions: countRegions(plan),
    covered,
    limits: plan.limits,
    ...(plan.keepOnly === undefined ? {} : { keepOnly: plan.keepOnly }),
    reasons: usedReasons(covered, parts.reasons),
    sound: plan.audio,
    audio: rendered.audio.map(({ mode, codec, note }) => ({
      mode,
      codec,
      ...(note === undefined ? {} : { note }),
    })),
    removed: rendered.removed.map(({ kind: removed, what }) => ({ kind: removed, what })),
    notes: [...new Set([...parts.notes, ...rendered.notes])],
    ...(check === undefined ? {} : { check }),
  };
}

/** The record with the files that were made from it. */
export function withAttachments(
  record: RedactionRecord,
  attachments: readonly RecordAttachment[],
): RedactionRecord {
  return { ...record, attachments: [...attachments] };
}

/** Regions by class: how many are covered and how many were proposed and are left visible. */
export function countRegions(plan: RedactionPlan): RedactionRecord['regions'] {
  const counts: RedactionRecord['regions'] = {};
  for (const region of plan.regions) {
    const count = (counts[region.class] ??= { covered: 0, visible: 0 });
    if (region.redact) count.covered += 1;
    else count.visible += 1;
  }
  return counts;
}

function coveredRegions(plan: RedactionPlan): RedactionRecord['covered'] {
  const isPicture = plan.source.kind === 'picture';
  return plan.regions
    .filter(({ redact }) => redact)
    .map(({ id, class: name, kind, subject, start, end, keyframes, style, reason, origin, score }) => ({
      id,
      class: name,
      ...(kind === undefined ? {} : { kind }),
      ...(subject === undefined ? {} : { subject }),
      start,
      end,
      ...(isPicture ? boxOf(keyframes) : {}),
      style,
      ...(reason === undefined ? {} : { reason }),
      origin,
      ...(score === undefined ? {} : { score }),
    }));
}

/** A region of a picture has one keyframe. */
function boxOf([key]: Region['keyframes']): Pick<CoveredRegion, 'box'> {
  if (key === undefined) return {};
  const [, ...box] = key;
  return { box };
}

function permitSummary(permit: Permit): NonNullable<RedactionRecord['permit']> {
  if (permit.kind === 'evaluation') return { kind: 'evaluation' };
  const { id, issuer, purpose, site, expires } = permit.claims;
  return { kind: 'signed', id, issuer, purpose, site, expires };
}
