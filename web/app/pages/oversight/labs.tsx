import type { ReactNode } from 'react';
import type { AcceptanceSubmission } from '../../../../src/client/index.ts';
import { useApi } from '../../../kit/api.ts';
import { showDay, showNumber } from '../../../kit/format.ts';
import { useMay } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';
import { numberIn, Share } from './figures.tsx';
import { DriftBaseline, LabFile } from './lab-files.tsx';
import { officeRoles } from './offices.ts';

const words = t.oversight.labs;

/** What was committed to, what was found on it, and how far uses have moved since. */
export function LabsPart(): ReactNode {
  const sets = useApi('listAcceptanceSets', {});
  const submissions = useApi('listAcceptanceSubmissions', {});
  const drift = useApi('listDriftChecks', {});
  const decides = useMay()([officeRoles.caio]);
  const [known = [], submitted = [], checks = []] = [
    sets.data?.items,
    submissions.data?.items,
    drift.data?.items,
  ];
  const figure = (value: unknown): string => numberIn(value)?.toFixed(3) ?? t.oversight.notEstimable;
  return (
    <>
      <Section title={words.sets}>
        <Waiting query={sets} empty={known.length === 0 && <p>{words.noSets}</p>} />
        {known.length > 0 && (
          <Table
            caption={words.sets}
            rows={known}
            id={({ claims }) => claims.commitment}
            columns={[
              { title: words.set, show: ({ claims }) => claims.name },
              { title: t.oversight.use, show: ({ claims }) => titleOf(claims.plan.use) },
              { title: words.items, numeric: true, show: ({ claims }) => showNumber(claims.items) },
              { title: words.sealed, show: ({ claims }) => showDay(claims.sealedAt) },
              {
                title: words.commitment,
                show: ({ claims }) => <code className="tw-hash">{claims.commitment}</code>,
              },
            ]}
          />
        )}
      </Section>
      <Section title={words.submissions}>
        <Waiting query={submissions} empty={submitted.length === 0 && <p>{words.noSubmissions}</p>} />
        {submitted.length > 0 && <Submissions items={submitted} />}
      </Section>
      {decides && <LabFile />}
      <Section title={words.drift}>
        <Waiting query={drift} empty={checks.length === 0 && <p>{words.noDrift}</p>} />
        {checks.length > 0 && (
          <Table
            caption={words.drift}
            rows={checks}
            id={({ use, day }) => `${use} ${day}`}
            columns={[
              { title: t.oversight.use, show: ({ use }) => titleOf(use), by: ({ use }) => use },
              { title: words.day, show: ({ day }) => showDay(`${day}T12:00`), by: ({ day }) => day },
              {
                title: words.psi,
                show: ({ result }) => `${figure(result.psi)}, n = ${result.scores}`,
              },
              { title: words.ks, show: ({ result }) => `${figure(result.ks)}, n = ${result.scores}` },
              {
                title: words.confirmed,
                show: ({ result: { confirmed, decided } }) =>
                  confirmed === null ? (
                    `${t.oversight.notEstimable}, n = ${decided}`
                  ) : (
                    <Share {...confirmed} n={decided} />
                  ),
              },
              {
                title: words.verdict,
                show: ({ result: { beyond, psi, ks, confirmed } }) =>
                  beyond.length > 0
                    ? beyond.join('; ')
                    : psi === null && ks === null && confirmed === null
                      ? t.oversight.notEstimable
                      : words.within,
              },
            ]}
          />
        )}
      </Section>
      {decides && <DriftBaseline />}
    </>
  );
}

/** Reports that labs signed, with every figure of theirs. */
export function Submissions({ items }: { readonly items: readonly AcceptanceSubmission[] }): ReactNode {
  return (
    <Table
      caption={words.submissions}
      rows={items}
      id={({ id }) => id}
      columns={[
        {
          title: words.name,
          show: ({ claims: { submission, set } }) => (
            <>
              {submission.name}
              <span className="tw-quiet tw-block">
                {set.name}
                {set.plan.simulated && `, ${words.simulated}`}
              </span>
            </>
          ),
        },
        {
          title: words.verdict,
          show: ({ claims: { verdict } }) => (
            <span className={`ov-state ov-state--${verdict}`}>{words.verdicts[verdict]}</span>
          ),
        },
        {
          title: words.figures,
          show: ({ claims }) =>
            claims.measures.map((one) => (
              <span key={one.name} className="tw-block">
                {one.name}: <Share {...one} as="plain" />
              </span>
            )),
        },
        { title: t.oversight.one.tested, show: ({ claims }) => showDay(claims.madeAt) },
        {
          title: t.oversight.one.report,
          show: ({ reportDigest }) => <code className="tw-hash">{reportDigest}</code>,
        },
      ]}
    />
  );
}
