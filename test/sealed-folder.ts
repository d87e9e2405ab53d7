import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../src/core/digest.ts';
import type { SigningKey } from '../src/core/signing-key.ts';
import type { RedactionPlan } from '../src/uses/redaction/plan.ts';
import { formatPlan } from '../src/uses/redaction/plan.ts';
import { exemptionLog } from '../src/uses/redaction/record/exemptions.ts';
import { makeRecord, withAttachments, type RecordParts } from '../src/uses/redaction/record/make.ts';
import { writeRedactionPdf, type RecordThumbnail } from '../src/uses/redaction/record/pdf.ts';
import { formatRecord, type RedactionRecord } from '../src/uses/redaction/record/schema.ts';
import { sealRecord } from '../src/uses/redaction/record/seal.ts';
import { plan, region } from './redaction-plan.ts';

export const madeAt = '2026-03-04T05:06:07.000Z';

/** A plan with a region of each kind of proposer, of which one is left visible. */
export function smallPlan(changes: Partial<RedactionPlan> = {}): RedactionPlan {
  return plan({
    regions: [
      region({ id: 'face-1', subject: 'person-1', reason: '(b)(6)', score: 0.91, start: 0.5, end: 4.25 }),
      region({ id: 'plate-1', class: 'plate', kind: 'plate', reason: '(b)(7)(C)', origin: 'person' }),
      region({ id: 'box-1', class: 'box', origin: 'rule', style: 'blur' }),
      region({ id: 'person-1', class: 'person', redact: false }),
    ],
    ...changes,
  });
}

/** A record as a worker would make it, for an output of these bytes. */
export function smallRecord(
  name: string,
  output: Uint8Array,
  changes: Partial<RecordParts> = {},
): RedactionRecord {
  const made = changes.plan ?? smallPlan();
  return makeRecord({
    plan: made,
    rendered: { frames: 100, notes: [], removed: [{ kind: 'tag', what: 'location' }], audio: [] },
    files: {
      source: { file: `${name}.mp4`, sha256: made.source.sha256, bytes: 12345 },
      output: { file: `${name}.redacted.mp4`, sha256: sha256(output), bytes: output.length },
      plan: { file: `${name}.plan.json`, sha256: sha256(formatPlan(made)) },
    },
    settingsDigest: sha256('settings'),
    notes: ['A note.'],
    madeAt,
    ...changes,
  });
}

/** Names of the files of one redaction, by role. */
export function filesOfClip(name: string): Record<'output' | 'plan' | 'csv' | 'pdf' | 'record', string> {
  return {
    output: `${name}.redacted.mp4`,
    plan: `${name}.plan.json`,
    csv: `${name}.exemptions.csv`,
    pdf: `${name}.record.pdf`,
    record: `${name}.record.json`,
  };
}

/** Publishes one redaction into a folder, as a job does, without sealing it. The output's bytes stand for a video. */
export async function publish(
  folder: string,
  name: string,
  output: Uint8Array,
  thumbnails: readonly RecordThumbnail[] = [],
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const names = filesOfClip(name);
  const bare = smallRecord(name, output);
  const attachments = [
    { kind: 'csv' as const, file: names.csv, content: Buffer.from(exemptionLog(bare)) },
    { kind: 'pdf' as const, file: names.pdf, content: await writeRedactionPdf(bare, thumbnails) },
  ];
  for (const { file, content } of attachments) writeFileSync(join(folder, file), content);
  const record = withAttachments(
    bare,
    attachments.map(({ kind, file, content }) => ({
      kind,
      file,
      sha256: sha256(content),
      bytes: content.length,
    })),
  );
  writeFileSync(join(folder, names.plan), formatPlan(smallPlan()));
  writeFileSync(join(folder, names.record), formatRecord(record));
  writeFileSync(join(folder, names.output), output);
  return join(folder, names.record);
}

/** A folder of redactions, published and sealed one after the other. */
export async function sealedFolder(
  folder: string,
  names: readonly string[],
  key: SigningKey,
  outputOf: (name: string) => Uint8Array = (name) => Buffer.from(`the output of ${name}`),
): Promise<void> {
  for (const name of names) {
    const record = await publish(folder, name, outputOf(name));
    await sealRecord({ record, key, now: new Date(madeAt) });
  }
}
