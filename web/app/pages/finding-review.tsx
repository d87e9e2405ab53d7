import { useRef, useState, type ReactNode } from 'react';
import type { Finding } from '../../../src/client/index.ts';
import { useApi, useDo } from '../../kit/api.ts';
import { showDuration, showMoment, showPercent } from '../../kit/format.ts';
import { Area, Button, Choice, Form } from '../../kit/form.tsx';
import { Go } from '../../kit/go.tsx';
import { useKeys } from '../../kit/keys.tsx';
import { useMay, useNames, useSession, workers, useSiteNames } from '../../kit/me.ts';
import { Facts } from '../../kit/page.tsx';
import { t } from '../../text/en.ts';
import { titleOf, uses } from '../uses.ts';

/** One finding: what it rests on, who has it, what was decided, and the decision. */
export function Review({
  finding,
  onAssign,
  onDecided,
}: {
  readonly finding: Finding;
  /** Gives it to somebody, or back. */
  readonly onAssign: (person: string | null) => Promise<unknown>;
  readonly onDecided: () => void;
}): ReactNode {
  const { id, kind, use, score, reasons, models, site, assignedTo } = finding;
  const full = useApi('getFinding', { params: { id } });
  const decide = useDo('decide', ['listFindings', 'getFinding', 'getToday']);
  const decisions = full.data?.decisions ?? [];
  const one = useApi('getCase', { params: { id: finding.case ?? '' } }, { enabled: finding.case !== null });
  const nameOf = useNames();
  const siteOf = useSiteNames();
  const may = useMay();
  const { Evidence, ownFindings } = uses.find((one) => one.use === use) ?? {};
  const isElsewhere = ownFindings?.includes(kind) === true;
  return (
    <article className="tw-review">
      <h2>{t.findings.kinds[kind] ?? kind}</h2>
      <Facts
        facts={[
          [t.cases.use, titleOf(use)],
          ...(typeof score === 'number' ? [[t.findings.score, showPercent(score)] as const] : []),
          [t.findings.takenBy, assignedTo === null ? t.findings.nobody : nameOf(assignedTo)],
          [t.cases.site, siteOf(site)],
          ...(finding.case === null
            ? []
            : [
                [
                  t.library.inCase,
                  <Go key="case" to={`/cases/${finding.case}`}>
                    {one.data?.title ?? t.cases.one}
                  </Go>,
                ] as const,
              ]),
          [t.findings.models, models.map((model) => model.id).join(', ')],
        ]}
      />
      {may(workers, site) && decisions.length === 0 && <Assign assignedTo={assignedTo} onAssign={onAssign} />}
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
      {decisions.map((decision) => (
        <p key={decision.id} className="tw-line">
          <strong>{t.findings.said[decision.disposition] ?? decision.disposition}</strong>: {decision.reason}{' '}
          <span className="tw-quiet">
            {nameOf(decision.decidedBy)}, {showMoment(decision.createdAt)}
            {decision.takenAt !== null &&
              `, ${t.findings.tookToDecide(showDuration((Date.parse(decision.createdAt) - Date.parse(decision.takenAt)) / 1000))}`}
          </span>
        </p>
      ))}
      {isElsewhere && decisions.length === 0 && <p className="tw-quiet">{t.findings.elsewhere}</p>}
      {may(workers, site) && full.data !== undefined && !isElsewhere && (
        <Decide
          onDecide={async (disposition, reason) => {
            await decide.mutateAsync({
              params: { id },
              body: { disposition, reason, seen: decisions[0]?.id ?? null },
            });
            onDecided();
          }}
        />
      )}
    </article>
  );
}

/** Takes a finding, gives it back or to somebody else; t does the first two. */
function Assign({
  assignedTo,
  onAssign,
}: {
  readonly assignedTo: string | null;
  readonly onAssign: (person: string | null) => Promise<unknown>;
}): ReactNode {
  const { person } = useSession();
  const { data } = useApi('listColleagues', {});
  const mine = assignedTo === person?.id;
  const words = mine ? t.findings.giveBack : t.findings.take;
  const give = (to: string | null): void => void onAssign(to).catch(() => undefined);
  const take = (): void => give(mine || person === undefined ? null : person.id);
  useKeys([{ key: 't', does: words, run: take }]);
  return (
    <div className="tw-row">
      <Button onClick={take}>
        {words} <kbd>t</kbd>
      </Button>
      <Choice
        label={t.findings.assign}
        value={assignedTo ?? ''}
        onChange={({ currentTarget: { value } }) => give(value === '' ? null : value)}
        options={[
          ['', t.findings.nobody],
          ...(data?.items ?? [])
            .filter(({ id, disabled }) => !disabled || id === assignedTo)
            .map(({ id, name }) => [id, name] as const),
        ]}
      />
    </div>
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
