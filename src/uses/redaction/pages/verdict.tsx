import type { ReactNode } from 'react';
import type { Asset } from '../../../client/index.ts';
import { useApi } from '../../../../web/kit/api.ts';
import { useText } from '../../../../web/kit/document.tsx';
import { Go } from '../../../../web/kit/go.tsx';
import { useNames } from '../../../../web/kit/me.ts';
import { Facts, Section } from '../../../../web/kit/page.tsx';
import { t } from '../../../../web/text/en.ts';
import { words } from './words.ts';

/** What the record reads as here; what it says more is for its own page. */
interface Recorded {
  readonly profile?: string;
  readonly regions?: Readonly<Record<string, { readonly covered: number; readonly visible: number }>>;
  readonly check?: { readonly status: 'clean' | 'needs-review'; readonly findings: readonly unknown[] };
}

/** What came of a redaction: by which profile, what was covered, what the check says, and who answers for it. */
export function Verdict({ asset }: { readonly asset: Asset }): ReactNode {
  const nameOf = useNames();
  const jobs = useApi('listJobs', { query: { case: asset.case, limit: 200 } });
  const job = jobs.data?.items.find(({ result }) => result?.['output'] === asset.id);
  const review = useApi(
    'getReview',
    { params: { id: job?.about.review ?? '' } },
    { enabled: job?.about.review !== undefined },
  );
  const made = job?.result ?? {};
  const record = typeof made['record'] === 'string' ? made['record'] : undefined;
  const text = useText(record);
  if (job === undefined || text.data === undefined) return null;
  const { profile = '', regions = {}, check } = JSON.parse(text.data) as Recorded;
  const profiles: Readonly<Record<string, string>> = t.redaction.profiles;
  const link = (what: 'record' | 'report' | 'log'): ReactNode =>
    typeof made[what] === 'string' && (
      <Go key={what} to={`/library/${made[what]}`}>
        {t.redaction.outputs[what]}
      </Go>
    );
  return (
    <Section title={words.verdictOf.title}>
      <p>
        <strong>
          {check === undefined
            ? words.verdictOf.unchecked
            : words.verdictOf[check.status](check.findings.length)}
        </strong>
      </p>
      <p>{words.verdictOf.stays}</p>
      <Steps asset={asset} check={check} reviewed={review.data !== undefined} />
      <Facts
        facts={[
          [t.redaction.profile, profiles[profile] ?? profile],
          [
            words.verdictOf.covered,
            Object.entries(regions)
              .map(([kind, { covered, visible }]) => words.verdictOf.count(kind, covered, visible))
              .join('; ') || words.verdictOf.nothing,
          ],
          [words.list.by, nameOf(job.by)],
          ...(review.data === undefined
            ? [[words.verdictOf.reviewer, words.verdictOf.nobody] as const]
            : [
                [
                  words.verdictOf.reviewer,
                  <Go key="review" to={`/redaction/reviews/${review.data.id}`}>
                    {nameOf(review.data.submittedBy ?? review.data.createdBy)}
                  </Go>,
                ] as const,
              ]),
          [
            words.verdictOf.more,
            <span key="more" className="tw-row">
              {link('report')}
              {link('record')}
              {link('log')}
            </span>,
          ],
        ]}
      />
    </Section>
  );
}

/** What is done of a redaction and what is still to be done before it is handed over, which comes last. */
function Steps({
  asset,
  check,
  reviewed,
}: {
  readonly asset: Asset;
  readonly check: Recorded['check'];
  readonly reviewed: boolean;
}): ReactNode {
  const releases = useApi('listReleases', { params: { id: asset.case }, query: { limit: 200 } });
  const { step, done, toDo } = words.verdictOf;
  if (releases.data === undefined) return null;
  const released = releases.data.items.some((one) => one.asset === asset.id);
  const checked =
    check === undefined
      ? step.notChecked
      : check.status === 'clean'
        ? step.checked
        : step.lookAt(check.findings.length);
  const steps: readonly (readonly [words: string, done: boolean])[] = [
    [step.redacted, true],
    [checked, check?.status === 'clean'],
    [step.reviewed, reviewed],
    [step.released, released],
  ];
  return (
    <>
      <h3>{words.verdictOf.steps}</h3>
      <ol>
        {steps.map(([what, isDone]) => (
          <li key={what}>
            <strong>{isDone ? done : toDo}:</strong> {what}
          </li>
        ))}
      </ol>
      {!released && (
        <p>
          <Go to={`/cases/${asset.case}`}>{words.verdictOf.toCase}</Go>
        </p>
      )}
    </>
  );
}
