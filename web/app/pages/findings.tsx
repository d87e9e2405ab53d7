import { useRef, useState, type ReactNode } from 'react';
import type { Finding } from '../../../src/client/index.ts';
import { useApi, useDo } from '../../kit/api.ts';
import { showMoment, showPercent } from '../../kit/format.ts';
import { Area, Choice, Form } from '../../kit/form.tsx';
import { Go, useFilters } from '../../kit/go.tsx';
import { useKeys } from '../../kit/keys.tsx';
import { useMay, useNames, workers } from '../../kit/me.ts';
import { Facts, Page } from '../../kit/page.tsx';
import { Waiting } from '../../kit/problem.tsx';
import { t } from '../../text/en.ts';
import { titleOf, uses } from '../uses.ts';

/** What waits for a person: a queue on the left, the one that is looked at on the right. */
export function FindingsPage(): ReactNode {
  const [filters, change] = useFilters();
  const { use = '', decided = 'no', at = '' } = filters;
  const findings = useApi('listFindings', {
    query: {
      limit: 200,
      ...(use === '' ? {} : { use }),
      ...(decided === 'no' || decided === 'yes' ? { decided } : {}),
    },
  });
  const items = findings.data?.items ?? [];
  const index = Math.max(
    0,
    items.findIndex(({ id }) => id === at),
  );
  const current = items[index];
  const step = (by: number): void => {
    const next = items[Math.max(0, Math.min(items.length - 1, index + by))];
    if (next !== undefined) change({ at: next.id });
  };
  useKeys([
    { key: 'j', does: t.findings.next, run: () => step(1) },
    { key: 'k', does: t.findings.previous, run: () => step(-1) },
  ]);
  return (
    <Page title={t.findings.title} lead={t.findings.lead}>
      <div className="tw-filters">
        <Choice
          label={t.findings.show}
          value={decided}
          onChange={({ currentTarget: { value } }) => change({ decided: value, at: '' })}
          options={[
            ['no', t.findings.waiting],
            ['yes', t.findings.decided],
            ['all', t.cases.all],
          ]}
        />
        <Choice
          label={t.cases.use}
          value={use}
          onChange={({ currentTarget: { value } }) => change({ use: value, at: '' })}
          options={[['', t.cases.all], ...uses.map((one) => [one.use, one.title] as const)]}
        />
      </div>
      <Waiting query={findings} empty={items.length === 0 && <p>{t.findings.none}</p>} />
      {current !== undefined && (
        <div className="tw-split tw-split--queue">
          <ol className="tw-queue" aria-label={t.findings.queue}>
            {items.map(({ id, kind, use: name, score, createdAt }) => (
              <li key={id}>
                <button type="button" aria-current={id === current.id} onClick={() => change({ at: id })}>
                  <strong>{kind}</strong> {typeof score === 'number' && showPercent(score)}
                  <span className="tw-quiet tw-block">
                    {titleOf(name)} · {showMoment(createdAt)}
                  </span>
                </button>
              </li>
            ))}
          </ol>
          <Review
            key={current.id}
            finding={current}
            onDecided={() => change({ at: items[index + 1]?.id ?? '' })}
          />
        </div>
      )}
    </Page>
  );
}

function Review({
  finding,
  onDecided,
}: {
  readonly finding: Finding;
  readonly onDecided: () => void;
}): ReactNode {
  const { id, kind, use, score, reasons, models, site } = finding;
  const full = useApi('getFinding', { params: { id } });
  const decide = useDo('decide', ['listFindings', 'getFinding', 'getToday']);
  const nameOf = useNames();
  const may = useMay();
  const Evidence = uses.find((one) => one.use === use)?.Evidence;
  return (
    <article className="tw-review">
      <h2>{kind}</h2>
      <Facts
        facts={[
          [t.cases.use, titleOf(use)],
          [t.findings.score, typeof score === 'number' ? showPercent(score) : t.findings.noScore],
          [t.cases.site, site],
          ...(finding.case === null
            ? []
            : [
                [
                  t.library.inCase,
                  <Go key="case" to={`/cases/${finding.case}`}>
                    {t.cases.one}
                  </Go>,
                ] as const,
              ]),
          [t.findings.models, models.map((model) => model.id).join(', ')],
        ]}
      />
      <h3>{t.findings.reasons}</h3>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {Evidence === undefined ? (
        <details>
          <summary>{t.findings.evidence}</summary>
          <pre tabIndex={0}>{JSON.stringify(finding.evidence, null, 2)}</pre>
        </details>
      ) : (
        <Evidence finding={finding} />
      )}
      {(full.data?.decisions ?? []).map((decision) => (
        <p key={decision.id} className="tw-line">
          <strong>{t.findings.dispositions[decision.disposition] ?? decision.disposition}</strong>:{' '}
          {decision.reason}{' '}
          <span className="tw-quiet">
            {nameOf(decision.decidedBy)}, {showMoment(decision.createdAt)}
          </span>
        </p>
      ))}
      {may(workers, site) && (
        <Decide
          onDecide={async (disposition, reason) => {
            await decide.mutateAsync({ params: { id }, body: { disposition, reason } });
            onDecided();
          }}
        />
      )}
    </article>
  );
}

/** A decision takes one of the dispositions and its reason; 1 to 3 choose, Ctrl and Enter decide. */
function Decide({
  onDecide,
}: {
  readonly onDecide: (disposition: string, reason: string) => Promise<void>;
}): ReactNode {
  const choices = Object.entries(t.findings.dispositions);
  const [chosen, setChosen] = useState('');
  const reason = useRef<HTMLTextAreaElement>(null);
  useKeys(
    choices.map(([value, words], index) => ({
      key: String(index + 1),
      does: t.findings.choose(words),
      run: () => {
        setChosen(value);
        reason.current?.focus();
      },
    })),
  );
  return (
    <Form send={t.findings.decide} onSend={(values) => onDecide(chosen, values['reason'] ?? '')}>
      <fieldset className="usa-fieldset">
        <legend className="usa-legend">{t.findings.disposition}</legend>
        <div className="tw-row">
          {choices.map(([value, words], index) => (
            <div key={value} className="usa-radio">
              <input
                className="usa-radio__input"
                type="radio"
                name="disposition"
                id={`disposition-${value}`}
                value={value}
                required
                checked={chosen === value}
                onChange={() => setChosen(value)}
              />
              <label className="usa-radio__label" htmlFor={`disposition-${value}`}>
                {words} <kbd>{index + 1}</kbd>
              </label>
            </div>
          ))}
        </div>
      </fieldset>
      <Area
        ref={reason}
        label={t.findings.reason}
        hint={t.findings.reasonHint}
        name="reason"
        required
        minLength={3}
        maxLength={4000}
        rows={3}
        onKeyDown={({ key, ctrlKey, currentTarget }) => {
          if (key === 'Enter' && ctrlKey) currentTarget.form?.requestSubmit();
        }}
      />
    </Form>
  );
}
