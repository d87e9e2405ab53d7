import { drawTable } from '../../../report/pdf/table.ts';
import type { TaggedDocument } from '../../../report/pdf/tagged-document.ts';
import type { FaceTestClaims } from '../../../governance/faces/schema.ts';
import { countText, figureText, rateText, shareText } from './words.ts';

export function experienceSection(document: TaggedDocument, { experience, plan }: FaceTestClaims): void {
  if (experience === null) return;
  document.heading(2, 'What people met');
  document.paragraph(
    'Failures to acquire, duration and satisfaction, with exact intervals that take transactions as independent. False accepts and rejects are of whole transactions.',
  );
  const all = [experience.all, ...experience.groups];
  drawTable(document, {
    summary: 'Failures, duration and satisfaction by group',
    columns: [
      { title: 'Group', share: 0.8 },
      { title: 'Not acquired', share: 1.5 },
      { title: 'False accept, reject', share: 1.1 },
      { title: 'Median seconds', share: 1.4 },
      { title: `Within ${plan.transactionSeconds} s`, share: 1.5 },
      { title: 'Content', share: 1.5 },
      { title: 'Passed', share: 1.5 },
    ],
    rows: all.map((one) => [
      one.name,
      shareText(one.failureToAcquire),
      `${rateText(one.far)}, ${rateText(one.frr)}`,
      figureText(one.medianSeconds),
      shareText(one.withinBudget),
      shareText(one.satisfied),
      shareText(one.passed),
    ]),
  });
  const enrolment = all.filter(({ failureToEnrol }) => failureToEnrol !== null);
  if (enrolment.length > 0)
    document.list(
      enrolment.map(({ name, failureToEnrol }) => `Not enrolled, ${name}: ${shareText(failureToEnrol)}`),
    );
  if (experience.fourFifthsPassed !== null)
    document.paragraph(
      `Four-fifths rule on passing: worst over best group ${figureText(experience.fourFifthsPassed)}, between exact bounds. Below 0.8 points to disparate impact, if the bounds say so too.`,
    );
}

export function identificationSection(document: TaggedDocument, { identification }: FaceTestClaims): void {
  if (identification === null) return;
  const { gallery, listLength, lightsOut, investigation } = identification;
  document.heading(2, 'Identification');
  document.paragraph(
    `A gallery of ${countText(gallery)} people; the first ${listLength} candidates are looked at.`,
  );
  const modes = [
    { title: 'A threshold decides', mode: lightsOut },
    { title: 'Investigation: a person looks at the list, whatever its scores', mode: investigation },
  ];
  for (const { title, mode } of modes) {
    if (mode === null) continue;
    document.heading(3, title);
    if (mode.threshold !== null) document.paragraph(`Threshold ${mode.threshold}.`);
    drawTable(document, {
      summary: `${title}: identification error rates by group`,
      columns: [
        { title: 'Group', share: 1 },
        { title: 'False positive (FPIR)', share: 2.5 },
        { title: 'False negative (FNIR)', share: 2.5 },
      ],
      rows: [mode.all, ...mode.groups].map(({ name, fpir, fnir }) => [
        name,
        mode.threshold === null ? 'does not apply' : shareText(fpir),
        shareText(fnir),
      ]),
    });
  }
}

export function qualitySection(document: TaggedDocument, { quality }: FaceTestClaims): void {
  for (const { component, bands, notAssessed } of quality) {
    document.heading(2, `By quality of capture: ${component}`);
    drawTable(document, {
      summary: `Error rates by bands of ${component}`,
      columns: [
        { title: 'Quality', share: 1 },
        { title: 'False match', share: 2.5 },
        { title: 'False non-match', share: 2.5 },
      ],
      rows: bands.map(({ from, to, fmr, fnmr }) => [`${from} to ${to}`, shareText(fmr), shareText(fnmr)]),
    });
    if (notAssessed > 0)
      document.paragraph(`${countText(notAssessed)} comparisons without an assessment are left out here.`);
  }
}
