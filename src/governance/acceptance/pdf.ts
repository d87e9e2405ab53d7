import { drawTable } from '../../report/pdf/table.ts';
import { ink, TaggedDocument } from '../../report/pdf/tagged-document.ts';
import type { SignedReport } from './signed.ts';

const words = { passed: 'Passed', failed: 'FAILED', 'not-estimable': 'Not estimable' } as const;

/** The report for people, as an accessible PDF (PDF/UA-1). The same report gives the same bytes. */
export async function acceptancePdf({ claims, publicKey }: SignedReport): Promise<Buffer> {
  const { set, submission, verdict, fault, plan } = { ...claims, plan: claims.set.plan };
  const made = claims.madeAt.slice(0, 16).replace('T', ' ');
  const document = new TaggedDocument({
    title: `Acceptance test${plan.simulated ? ' (simulated)' : ''}: ${submission.name}`,
    subject: `A test of ${submission.name} on a sealed set, for the use ${plan.use}`,
    language: 'en-US',
    date: new Date(claims.madeAt),
    footer: `Acceptance test of ${made.slice(0, 10)}${plan.simulated ? ' · SIMULATED' : ''}`,
  });
  document.heading(1, 'Acceptance test');
  document.paragraph(`Made ${made} UTC with ${claims.tool.name} ${claims.tool.version}.`, {
    color: ink.quiet,
    after: 10,
  });
  if (plan.simulated) document.callout('SIMULATED: the set is made up.', 'alert');
  document.callout(
    `${words[verdict]}: ${submission.name}, for the use ${plan.use}.`,
    verdict === 'passed' ? 'calm' : 'alert',
  );
  if (fault !== null)
    document.callout(
      `It broke the rules of the test after ${fault.item} of ${set.items} items: ${fault.message}.`,
      'alert',
    );
  if (claims.confinement === 'none')
    document.callout(
      'It was not confined: on this machine it could have read the truth, or asked somebody.',
      'alert',
    );
  document.heading(2, 'Goals, as they were set before the test');
  drawTable(document, {
    summary: 'Each goal with what was measured',
    columns: [
      { title: 'Measure', share: 1.5 },
      { title: 'Goal', share: 1, align: 'right' },
      { title: 'Measured', share: 1, align: 'right' },
      { title: '95 % interval', share: 1.5, align: 'right' },
      { title: 'n', share: 0.8, align: 'right' },
      { title: 'Verdict', share: 2.5 },
    ],
    rows: claims.goals.map((goal) => {
      const found = claims.measures.find(({ name }) => name === goal.measure);
      return [
        goal.measure,
        goal.atLeast === undefined ? `at most ${goal.atMost ?? ''}` : `at least ${goal.atLeast}`,
        found?.value?.toFixed(4) ?? 'none',
        found === undefined ? '' : `${found.low.toFixed(4)} to ${found.high.toFixed(4)}`,
        String(found?.n ?? 0),
        `${words[goal.verdict]}: ${goal.why}`,
      ];
    }),
  });
  document.heading(2, 'What was tested, and on what');
  drawTable(document, {
    summary: 'The submission, the sealed set and the signature',
    columns: [
      { title: 'What', share: 1 },
      { title: 'Value', share: 3.4 },
    ],
    rows: [
      ['Submission', `${submission.kind}, ${submission.digest}`],
      ...(submission.card === undefined ? [] : [['Card of the model', submission.card]]),
      ['Key of the vendor', submission.vendor],
      ['Set', `${set.name}: ${set.items} items, sealed ${set.sealedAt.slice(0, 16).replace('T', ' ')} UTC`],
      ['Commitment', set.commitment],
      ['Answers', `${claims.answered} of ${set.items}, ${claims.answers}`],
      ['Confinement', claims.confinement],
      ['Key of the lab', publicKey],
    ],
  });
  document.paragraph(
    'Shares have exact intervals (Clopper and Pearson), which take what is counted as independent; average precision has a bootstrap over pictures. A goal is passed when its whole interval keeps it, failed when the whole interval misses it.',
  );
  return document.finish();
}
