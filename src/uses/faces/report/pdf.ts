import { drawTable } from '../../../report/pdf/table.ts';
import { ink, TaggedDocument } from '../../../report/pdf/tagged-document.ts';
import { charter } from '../charter.ts';
import { drawDet, MOST_CURVES } from './det-plot.ts';
import { experienceSection, identificationSection, qualitySection } from './pdf-more.ts';
import type { FaceTestClaims, InequityReport, SignedFaceTest } from '../../../governance/faces/schema.ts';
import { countText, figureText, intervalText, ofText, rateText, verdictText } from './words.ts';

/** The report for people, as an accessible PDF (PDF/UA-1). The same report gives the same bytes. */
export async function writeFaceTestPdf(signed: SignedFaceTest): Promise<Buffer> {
  const { claims } = signed;
  const document = new TaggedDocument({
    title: `Face test${claims.simulated ? ' (simulated)' : ''}: ${claims.tested.model ?? claims.inputs[0]?.file ?? ''}`,
    subject: charter.purpose,
    language: 'en-US',
    date: new Date(claims.madeAt),
    footer: `Face test of ${claims.madeAt.slice(0, 10)}${claims.simulated ? ' · SIMULATED' : ''} · ${signed.key === null ? 'not signed' : `key ${signed.key.slice(0, 16)}...`}`,
  });
  summarySection(document, signed);
  ratesSection(document, claims);
  groupsSection(document, claims, 'fmr', 'False matches by group');
  groupsSection(document, claims, 'fnmr', 'False non-matches by group');
  inequitySection(document, claims);
  experienceSection(document, claims);
  identificationSection(document, claims);
  qualitySection(document, claims);
  methodSection(document, signed);
  charterSection(document);
  return document.finish();
}

function summarySection(document: TaggedDocument, { claims, signature }: SignedFaceTest): void {
  const { tested, madeAt, tool } = claims;
  document.heading(1, 'Face test');
  document.paragraph(`Made ${madeAt.slice(0, 16).replace('T', ' ')} UTC with ${tool.name} ${tool.version}.`, {
    color: ink.quiet,
    after: 10,
  });
  if (claims.simulated)
    document.callout('SIMULATED: no real people and no real system are in these figures.', 'alert');
  const worse = claims.groups.flatMap(({ name, verdict }) => [
    ...(verdict.fmr.verdict === 'worse' ? [`${name} (false matches)`] : []),
    ...(verdict.fnmr.verdict === 'worse' ? [`${name} (false non-matches)`] : []),
  ]);
  const open = claims.groups.some(({ verdict }) =>
    [verdict.fmr, verdict.fnmr].some((one) => one.verdict === 'not-estimable'),
  );
  if (worse.length > 0)
    document.callout(`Higher error rates than the other groups: ${worse.join(', ')}.`, 'alert');
  if (open || claims.groups.length === 0)
    document.callout(
      'Whether groups differ is not estimable from this test, wholly or in part: it is neither passed nor failed.',
      'alert',
    );
  else if (worse.length === 0)
    document.callout(
      `No group was found to have higher error rates; a ratio of ${claims.plan.ratio} would have been found with a chance of ${claims.plan.power}.`,
      'calm',
    );
  if (signature === null) document.callout('Nobody signed this report.', 'alert');
  document.paragraph(
    `Model ${tested.model ?? 'not named'}; camera ${tested.camera ?? 'not named'}; purpose ${tested.purpose ?? 'not named'}.`,
  );
  document.list(claims.notes);
}

function ratesSection(
  document: TaggedDocument,
  { all, threshold, plan, counts, groups }: FaceTestClaims,
): void {
  document.heading(2, 'Over all');
  document.paragraph(
    `Threshold ${threshold}: the smallest score at which the false match rate is at most ${plan.targetFmr}. A comparison at or above it is a match.`,
  );
  drawTable(document, {
    summary: 'Error rates over all comparisons with their intervals',
    columns: [
      { title: 'Rate', share: 1.6 },
      { title: 'Errors', share: 1.6, align: 'right' },
      { title: 'Value', share: 1, align: 'right' },
      { title: 'Exact', share: 1.8 },
      { title: 'Subjects resampled', share: 1.8 },
    ],
    rows: (['fmr', 'fnmr'] as const).map((kind) => [
      kind === 'fmr' ? 'False match' : 'False non-match',
      ofText(all[kind]),
      rateText(all[kind].rate),
      intervalText(all[kind].exact),
      intervalText(all[kind].bootstrap),
    ]),
  });
  document.paragraph(
    `${counts.subjects === null ? 'Subjects unknown' : `${countText(counts.subjects)} subjects`}. Area under the curve ${figureText(all.auc)}. Equal error rate ${rateText(all.eer.rate)}, where the steps of the curve cross between ${rateText(all.eer.low)} and ${rateText(all.eer.high)} (n ${countText(all.eer.mated)} mated, ${countText(all.eer.nonmated)} non-mated).`,
  );
  document.heading(3, 'Trade-off of errors', 310);
  const curves = [
    { name: 'all', points: all.det },
    ...groups.map(({ name, det }) => ({ name, points: det })),
  ];
  drawDet(document, curves.slice(0, MOST_CURVES), { fmr: all.fmr.rate ?? 0, fnmr: all.fnmr.rate ?? 0 });
  if (curves.length > MOST_CURVES)
    document.paragraph(
      `The first ${MOST_CURVES - 1} groups are drawn; report.json has the curves of all ${groups.length}.`,
    );
}

function groupsSection(
  document: TaggedDocument,
  { groups, planned }: FaceTestClaims,
  kind: 'fmr' | 'fnmr',
  title: string,
): void {
  if (groups.length === 0) return;
  document.heading(2, title);
  document.paragraph(
    `${kind === 'fmr' ? 'Of comparisons between people of one group, at the one threshold.' : 'At the one threshold.'}${planned === null ? '' : ` By plan each group needs ${countText(planned.subjects)} subjects and ${countText(kind === 'fmr' ? planned.nonmated : planned.mated)} comparisons.`}`,
  );
  drawTable(document, {
    summary: `${title}: counts, rates, intervals and verdicts`,
    columns: [
      { title: 'Group', share: 1.1 },
      { title: 'Subjects', share: 1.1, align: 'right' },
      { title: 'Errors', share: 1.4, align: 'right' },
      { title: 'Rate', share: 0.9, align: 'right' },
      { title: 'Exact', share: 1.4 },
      { title: 'Wilson', share: 1.4 },
      { title: 'Resampled', share: 1.4 },
      { title: 'Verdict', share: 2.4 },
    ],
    rows: groups.map((group) => [
      group.name,
      group.subjects === null ? 'unknown' : countText(group.subjects),
      ofText(group[kind]),
      rateText(group[kind].rate),
      intervalText(group[kind].exact),
      intervalText(group[kind].wilson),
      intervalText(group[kind].bootstrap),
      verdictText(group.verdict[kind]),
    ]),
  });
}

function inequitySection(document: TaggedDocument, { inequity }: FaceTestClaims): void {
  if (inequity === null) return;
  document.heading(2, 'Inequity');
  const rows = (kind: string, of: InequityReport): string[][] => [
    [`${kind}: worst over best`, figureText(of.maxOverMin)],
    [
      `${kind}: worst over best, by exact bounds`,
      `at least ${rateText(of.atLeast)}, at most ${of.atMost === null ? 'not bounded' : rateText(of.atMost)}`,
    ],
    [`${kind}: worst over geometric mean`, figureText(of.maxOverGeometricMean)],
    [`${kind}: Gini, corrected for the number of groups`, figureText(of.giniCorrected)],
  ];
  drawTable(document, {
    summary: 'Measures of inequity between groups with bootstrap intervals',
    columns: [
      { title: 'Measure', share: 3 },
      { title: 'Value (95 %, subjects resampled; n)', share: 3 },
    ],
    rows: [
      ...rows('FMR', inequity.fmr),
      ...rows('FNMR', inequity.fnmr),
      ['FDR, both errors (1 is equal)', figureText(inequity.fdr)],
      ['IR, both errors (1 is equal)', figureText(inequity.ir)],
      ['GARBE, both errors (0 is equal)', figureText(inequity.garbe)],
      ['Four-fifths rule: worst over best true match rate (0.8 or more)', figureText(inequity.fourFifthsTmr)],
    ],
  });
}

function methodSection(document: TaggedDocument, { claims, key }: SignedFaceTest): void {
  const { plan, inputs } = claims;
  document.heading(2, 'How to check this report');
  document.paragraph(
    'Every figure follows from the files below and the plan in report.json. With them, tidewaiter governance face-test --verify report.json --scores FILE --key PUBLIC.pem computes all of it again and names what differs.',
  );
  drawTable(document, {
    summary: 'Files that the report rests on, with their digests',
    columns: [
      { title: 'Input', share: 1.1 },
      { title: 'File', share: 2 },
      { title: 'SHA-256', share: 5.4, face: 'mono' },
    ],
    rows: inputs.map(({ role, file, sha256 }) => [role, file, sha256]),
  });
  document.paragraph(
    `${plan.replicates} bootstrap replicates, seed "${plan.seed}". Plan: ratio ${plan.ratio}, power ${plan.power}, level ${plan.alpha}; design effects ${plan.mated.designEffect} (mated, ${plan.mated.perSubject} comparisons per subject) and ${plan.nonmated.designEffect} (non-mated, ${plan.nonmated.perSubject} per subject).`,
  );
  if (key !== null) document.paragraph(`Key that signed: ${key}`, { face: 'mono', size: 7.5 });
}

function charterSection(document: TaggedDocument): void {
  document.heading(2, 'What a test must never do');
  document.list(charter.never);
  document.paragraph(`${charter.decides} ${charter.data}`);
}
