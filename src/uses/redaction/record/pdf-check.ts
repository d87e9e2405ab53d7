import { drawTable } from '../../../report/pdf/table.ts';
import type { TaggedDocument } from '../../../report/pdf/tagged-document.ts';
import { formatTime } from '../../../core/time.ts';
import type { CheckReport } from '../check/report.ts';
import { checkSentence, score } from './sentences.ts';

/** A person looks at the most urgent ones; the record has all. */
const MOST_FINDINGS = 200;

/** What the second look at the output found, the most urgent first. */
export function checkSection(document: TaggedDocument, check: CheckReport | undefined): void {
  document.heading(2, 'Check of the output');
  document.paragraph(checkSentence(check));
  if (check === undefined) return;
  const { frames, fills, method, findings, unlisted } = check;
  const many = (count: number): string => count.toLocaleString('en-US');
  document.paragraph(
    `${many(frames.decoded)} frames of the finished file were decoded again; detectors looked at ` +
      `${many(frames.detected)} of them (one in ${method.everyFrames}, and where tracks end), and text was read in ` +
      `${many(frames.read)}. The fill of covered regions was tested ${many(fills.tested)} times; it was missing ` +
      `${many(fills.missing)} times. Detectors: ` +
      `${method.models.map(({ id, threshold }) => `${id} from score ${score(threshold)}`).join(', ') || 'none'}.`,
  );
  if (findings.length === 0) return;
  drawTable(document, {
    summary: 'What the check found, the most urgent first',
    columns: [
      { title: 'No.', share: 0.5, align: 'right' },
      { title: 'Level', share: 0.8 },
      { title: 'Class', share: 0.9 },
      { title: 'From', share: 1.2 },
      { title: 'To', share: 1.2 },
      { title: 'What was found', share: 5 },
    ],
    rows: findings
      .slice(0, MOST_FINDINGS)
      .map(({ level, class: name, start, end, says }, index) => [
        String(index + 1),
        level,
        name,
        formatTime(start),
        formatTime(end),
        says,
      ]),
  });
  const inRecord = findings.length - MOST_FINDINGS;
  if (inRecord > 0) document.paragraph(`${inRecord} less urgent ones are in the record file only.`);
  if (unlisted > 0)
    document.paragraph(`${many(unlisted)} less urgent ones were counted and are listed nowhere.`);
}
