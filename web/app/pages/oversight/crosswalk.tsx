import { useState, type ReactNode } from 'react';
import type { Answer } from '../../../kit/api.ts';
import { Check } from '../../../kit/form.tsx';
import { Section } from '../../../kit/page.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

const words = t.oversight.one;
type Use = Answer<'getUseInFull'>;

/** For every principle and practice: whether it is met, by which evidence, and what is missing. */
export function CrosswalkSection({
  lines,
  findings,
}: {
  readonly lines: Use['crosswalk'];
  readonly findings: Use['findings'];
}): ReactNode {
  const [onlyOpen, setOnlyOpen] = useState(false);
  const applying = lines.filter(({ status }) => status !== 'not-applicable');
  const open = applying.filter(({ status }) => status === 'not-met');
  const broken = findings.filter(({ level }) => level === 'error');
  return (
    <Section
      title={words.crosswalk}
      actions={<Check label={words.onlyOpen} checked={onlyOpen} onChange={() => setOnlyOpen(!onlyOpen)} />}
    >
      <p>
        {words.counts(
          applying.length - open.length,
          applying.length,
          applying.filter(({ rests }) => rests === 'charter').length,
        )}
      </p>
      {broken.length > 0 && (
        <>
          <h3>{words.broken}</h3>
          <ul>
            {broken.map(({ rule, message, remedy }) => (
              <li key={rule + message}>
                {message}. {remedy}
              </li>
            ))}
          </ul>
        </>
      )}
      <Table
        caption={words.crosswalk}
        rows={onlyOpen ? open : lines}
        id={({ policy, provision }) => `${policy}/${provision}`}
        columns={[
          {
            title: words.rule,
            show: ({ policy, provision, title }) => (
              <>
                {title}
                <span className="tw-quiet tw-block">{`${policy}/${provision}`}</span>
              </>
            ),
          },
          {
            title: words.status,
            by: ({ status }) => status,
            show: ({ status, rests, due }) => (
              <span className={`ov-state ov-state--${status}`}>
                {rests === 'charter'
                  ? words.stated
                  : due === undefined
                    ? words.statuses[status]
                    : words.notDue(due)}
              </span>
            ),
          },
          { title: words.shown, show: ({ by }) => by.join('; ') },
          { title: words.missing, show: ({ missing }) => missing.join('; ') },
        ]}
      />
    </Section>
  );
}
