import type { ReactNode } from 'react';
import { useApi, type Answer } from '../../../kit/api.ts';
import { showDay } from '../../../kit/format.ts';
import { Section } from '../../../kit/page.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { Submissions } from './labs.tsx';

const words = t.oversight.one;

/** The models of a use with their cards, what they were tested for, and what labs found. */
export function ModelsSection({ use }: { readonly use: Answer<'getUseInFull'> }): ReactNode {
  const cards = useApi('listModels', {});
  const submitted = useApi('listAcceptanceSubmissions', {});
  const { models, tests, charter } = use;
  const reports = (submitted.data?.items ?? []).filter(({ claims }) => claims.set.plan.use === use.use);
  return (
    <>
      <Section title={words.models}>
        <Table
          caption={words.models}
          rows={models}
          id={({ id }) => id}
          columns={[
            {
              title: words.model,
              show: ({ id }) => (
                <>
                  {id}
                  <span className="tw-quiet tw-block">
                    {charter.models.find((one) => one.id === id)?.task}
                  </span>
                </>
              ),
            },
            {
              title: words.card,
              show: ({ id }) => {
                const card = cards.data?.items.find((one) => one.id === id);
                return card === undefined ? words.noCard : `${card.purpose} ${card.limits}`;
              },
            },
            { title: words.threshold, show: ({ threshold }) => threshold.join(' – ') },
            { title: words.modelDigest, show: ({ digest }) => <code className="tw-hash">{digest}</code> },
          ]}
        />
      </Section>
      <Section title={words.tests}>
        {tests.length === 0 ? (
          <p>{words.noTests}</p>
        ) : (
          <Table
            caption={words.tests}
            rows={tests}
            id={({ id }) => id}
            columns={[
              { title: words.test, show: ({ kind }) => kind },
              {
                title: words.result,
                show: ({ passed }) => (
                  <span className={`ov-state ov-state--${passed ? 'met' : 'not-met'}`}>
                    {passed ? words.passed : words.failed}
                  </span>
                ),
              },
              { title: words.tested, show: ({ testedAt }) => showDay(testedAt) },
              { title: words.expires, show: ({ expires }) => showDay(expires) },
              {
                title: words.report,
                show: ({ reportDigest }) => <code className="tw-hash">{reportDigest}</code>,
              },
            ]}
          />
        )}
        {reports.length > 0 && <Submissions items={reports} />}
      </Section>
    </>
  );
}
