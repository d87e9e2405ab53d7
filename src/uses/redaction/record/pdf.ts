import { drawPictures } from '../../../report/pdf/pictures.ts';
import { drawTable } from '../../../report/pdf/table.ts';
import { ink, TaggedDocument } from '../../../report/pdf/tagged-document.ts';
import { formatTime, type Seconds } from '../../../core/time.ts';
import { checkSection } from './pdf-check.ts';
import { exemptionSection } from './pdf-exemptions.ts';
import { reviewSection, verifySection } from './pdf-review.ts';
import type { RedactionRecord } from './schema.ts';
import { checkSentence, moment, permitSentence, score, soundSentence, whatWasDone } from './sentences.ts';

/** A small picture of a moment of the output. */
export interface RecordThumbnail {
  readonly time: Seconds;
  /** Baseline JPEG of the redacted frame. */
  readonly jpeg: Buffer;
  /** What it shows, for who cannot see it. */
  readonly alt: string;
}

/**
 * The record as an accessible PDF (PDF/UA-1) for the person who signs. The same record and thumbnails give the same bytes.
 */
export async function writeRedactionPdf(
  record: RedactionRecord,
  thumbnails: readonly RecordThumbnail[] = [],
): Promise<Buffer> {
  const document = new TaggedDocument({
    title: `Redaction record: ${record.output.file}`,
    subject: `What was withheld from ${record.source.file}, why, and how it was checked`,
    language: 'en-US',
    date: new Date(record.madeAt),
    footer: `${record.output.file} · SHA-256 ${record.output.sha256.slice(0, 16)}...`,
  });
  summarySection(document, record);
  filesSection(document, record);
  exemptionSection(document, record);
  framesSection(document, record, thumbnails);
  checkSection(document, record.check);
  modelsSection(document, record);
  removedSection(document, record);
  reviewSection(document);
  verifySection(document, record);
  return document.finish();
}

function summarySection(document: TaggedDocument, record: RedactionRecord): void {
  const { name, version } = record.tool;
  document.heading(1, 'Redaction record');
  document.paragraph(
    `${record.output.file}, made ${moment(record.madeAt)} with ${name} ${version}, profile ${record.profile}.`,
    { color: ink.quiet, after: 10 },
  );
  document.callout(checkSentence(record.check), record.check?.status === 'clean' ? 'calm' : 'alert');
  if (record.stamp !== undefined)
    document.callout(`${record.stamp}: made without an agency permit.`, 'alert');
  document.heading(2, 'What was done');
  document.paragraph(whatWasDone(record));
  const counts = Object.entries(record.regions);
  if (counts.length > 0) {
    drawTable(document, {
      summary: 'Regions by class: how many were covered and how many were left visible',
      columns: [
        { title: 'Class', share: 3 },
        { title: 'Covered', share: 1, align: 'right' },
        { title: 'Proposed and left visible', share: 2, align: 'right' },
      ],
      rows: counts.map(([name, { covered, visible }]) => [name, String(covered), String(visible)]),
    });
  }
  document.paragraph(soundSentence(record));
}

function filesSection(document: TaggedDocument, { source, output, plan }: RedactionRecord): void {
  document.heading(2, 'Files');
  const bytes = (count: number): string => count.toLocaleString('en-US');
  drawTable(document, {
    summary: 'Source, output and plan with their sizes and digests',
    columns: [
      { title: 'File', share: 0.9 },
      { title: 'Name', share: 2.1 },
      { title: 'Bytes', share: 1.3, align: 'right' },
      { title: 'SHA-256', share: 5.7, face: 'mono' },
    ],
    rows: [
      ['Source', source.file, bytes(source.bytes), source.sha256],
      ['Output', output.file, bytes(output.bytes), output.sha256],
      ['Plan', plan.file, '', plan.sha256],
    ],
  });
}

function framesSection(
  document: TaggedDocument,
  { source }: RedactionRecord,
  thumbnails: readonly RecordThumbnail[],
): void {
  if (thumbnails.length === 0) return;
  document.heading(2, source.kind === 'video' ? 'Frames of the output' : 'The output', 150);
  drawPictures(
    document,
    thumbnails.map(({ time, jpeg, alt }) => ({
      jpeg,
      alt,
      caption: source.kind === 'video' ? formatTime(time) : 'the whole picture, made small',
    })),
  );
}

function modelsSection(document: TaggedDocument, record: RedactionRecord): void {
  document.heading(2, 'Models and permit');
  document.paragraph(permitSentence(record.permit));
  if (record.models.length === 0) return;
  drawTable(document, {
    summary: 'Models that looked at the source, with their digests and thresholds',
    columns: [
      { title: 'Model', share: 2 },
      { title: 'Lowest score', share: 1, align: 'right' },
      { title: 'SHA-256 of its weights', share: 4.4, face: 'mono' },
    ],
    rows: record.models.map(({ id, threshold, digest }) => [id, score(threshold), digest]),
  });
}

function removedSection(document: TaggedDocument, { removed, notes }: RedactionRecord): void {
  document.heading(2, 'Metadata and notes');
  if (removed.length === 0) document.paragraph('The source held no metadata that had to be left out.');
  else {
    document.paragraph('Left out of the output:');
    document.list(removed.map(({ kind, what }) => `${kind}: ${what}`));
  }
  if (notes.length === 0) return;
  document.paragraph('Notes:');
  document.list(notes);
}
