import { drawTable } from '../../../report/pdf/table.ts';
import type { TaggedDocument } from '../../../report/pdf/tagged-document.ts';
import { formatTime, type Seconds } from '../../../core/time.ts';
import { exemptions, placeOf, type Exemption } from './exemptions.ts';
import type { RedactionRecord } from './schema.ts';

/** Some twenty-five pages: beyond it nobody turns them, and the record and the CSV log hold all. */
const MOST_ROWS = 1000;

/** Which reasons were given, with the law behind each, and what was withheld under them. */
export function exemptionSection(document: TaggedDocument, record: RedactionRecord): void {
  const withheld = exemptions(record);
  document.heading(2, 'Exemptions');
  reasonTable(document, record, withheld);
  if (withheld.length === 0) {
    document.paragraph('Nothing was withheld.');
    return;
  }
  document.heading(3, 'What was withheld');
  regionTable(document, withheld, record.source.kind);
}

function reasonTable(
  document: TaggedDocument,
  { reasons, covered }: RedactionRecord,
  withheld: readonly Exemption[],
): void {
  const without = withheld.filter(({ code }) => code === undefined).length;
  if (reasons.length > 0) {
    drawTable(document, {
      summary: 'Reasons that were given, with their statutory basis and the number of regions',
      columns: [
        { title: 'Code', share: 1.1 },
        { title: 'Statutory basis', share: 1.8 },
        { title: 'What it says', share: 5 },
        { title: 'Regions', share: 0.9, align: 'right' },
      ],
      rows: reasons.map(({ code, basis, text }) => [
        code,
        basis ?? 'not in any table that was given',
        text ?? '',
        String(covered.filter(({ reason }) => reason === code).length),
      ]),
    });
    document.paragraph(
      'Codes were proposed by class or chosen in the plan; the person who releases the output decides on them.',
    );
  }
  if (without > 0 && withheld.length > 0)
    document.paragraph(
      `No reason was given for ${without === withheld.length ? 'anything that was withheld' : `${without} of ${withheld.length} rows below`}.`,
    );
}

function regionTable(
  document: TaggedDocument,
  withheld: readonly Exemption[],
  kind: RedactionRecord['source']['kind'],
): void {
  const time = (seconds: Seconds | undefined): string => (seconds === undefined ? '' : formatTime(seconds));
  drawTable(document, {
    summary: `Everything that was withheld, with ${kind === 'video' ? 'time' : 'place'}, style, reason and who proposed it`,
    columns: [
      { title: 'Region', share: 1.7 },
      { title: 'Class', share: 1.1 },
      ...(kind === 'video'
        ? [
            { title: 'From', share: 1.3 },
            { title: 'To', share: 1.3 },
          ]
        : [{ title: 'Place (x y width height, pixels)', share: 2.6 }]),
      { title: 'Style', share: 1.2 },
      { title: 'Reason', share: 1.2 },
      { title: 'Statutory basis', share: 2.2 },
      { title: 'Proposed by', share: 1.2 },
    ],
    rows: withheld
      .slice(0, MOST_ROWS)
      .map(({ id, class: name, start, end, box, style, code, basis, proposedBy }) => [
        id,
        name,
        ...(kind === 'video' ? [time(start), time(end)] : [placeOf(box)]),
        style,
        code ?? '',
        basis ?? '',
        proposedBy,
      ]),
  });
  if (withheld.length > MOST_ROWS)
    document.paragraph(
      `${withheld.length - MOST_ROWS} of ${withheld.length} rows are only in the record and in the exemption log (CSV).`,
    );
}
