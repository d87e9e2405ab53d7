import type { ReactNode } from 'react';
import { useDo } from '../../kit/api.ts';
import { showMoment, showPercent } from '../../kit/format.ts';
import { Button, Choice, Field } from '../../kit/form.tsx';
import { useFilters } from '../../kit/go.tsx';
import { More, useList } from '../../kit/list.tsx';
import { useKeys } from '../../kit/keys.tsx';
import { useMay, useNames, useSession, workers } from '../../kit/me.ts';
import { Page } from '../../kit/page.tsx';
import { Problem, Waiting } from '../../kit/problem.tsx';
import { t } from '../../text/en.ts';
import { titleOf, uses } from '../uses.ts';
import { Review } from './finding-review.tsx';

/** What waits for a person: a queue on the left, the one that is looked at on the right. */
export function FindingsPage(): ReactNode {
  const [filters, change] = useFilters();
  const { use = '', decided = 'no', at = '', whose = 'all', kind = '', score = '' } = filters;
  const findings = useList('listFindings', {
    query: {
      ...(use === '' ? {} : { use }),
      ...(decided === 'no' || decided === 'yes' ? { decided } : {}),
      ...(whose === 'me' || whose === 'nobody' || whose === 'anybody' ? { assigned: whose } : {}),
      ...(kind === '' ? {} : { kind }),
      ...(score === '' ? {} : { score: Number(score) }),
      // What waits is looked at by its score; what was decided is looked up by its time.
      order: decided === 'no' ? 'score' : 'newest',
    },
  });
  const items = findings.items;
  const index = Math.max(
    0,
    items.findIndex(({ id }) => id === at),
  );
  const current = items[index];
  const step = (by: number): void => {
    const next = items[Math.max(0, Math.min(items.length - 1, index + by))];
    if (next !== undefined) change({ at: next.id });
  };
  const { person } = useSession();
  const may = useMay();
  const nameOf = useNames();
  const assign = useDo('assignFinding', ['listFindings', 'getFinding', 'getToday']);
  const free = items.find(({ assignedTo, site }) => assignedTo === null && may(workers, site));
  const takeNext = async (): Promise<void> => {
    if (free === undefined || person === undefined) return;
    const { id } = free;
    await assign
      .mutateAsync({ params: { id }, body: { person: person.id, seen: null } })
      .catch(() => undefined);
    change({ at: id });
  };
  const mayTakeNext = decided === 'no' && free !== undefined;
  useKeys([
    { key: 'j', does: t.findings.next, run: () => step(1) },
    { key: 'k', does: t.findings.previous, run: () => step(-1) },
    ...(mayTakeNext ? [{ key: 'n', does: t.findings.takeNext, run: () => void takeNext() }] : []),
  ]);
  return (
    <Page
      title={t.findings.title}
      lead={t.findings.lead}
      actions={
        mayTakeNext && (
          <Button kind="plain" onClick={() => void takeNext()}>
            {t.findings.takeNext} <kbd>n</kbd>
          </Button>
        )
      }
    >
      <Problem error={assign.error} />
      <div className="tw-filters" data-filter>
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
          label={t.findings.whose}
          value={whose}
          onChange={({ currentTarget: { value } }) => change({ whose: value, at: '' })}
          options={Object.entries(t.findings.whoseOptions)}
        />
        <Choice
          label={t.findings.leastScore}
          value={score}
          onChange={({ currentTarget: { value } }) => change({ score: value, at: '' })}
          options={[
            ['', t.findings.anyScore],
            ...[0.25, 0.5, 0.75, 0.9].map((least) => [String(least), showPercent(least)] as const),
          ]}
        />
        <Field
          label={t.findings.kind}
          type="search"
          value={kind}
          onChange={({ currentTarget: { value } }) => change({ kind: value, at: '' })}
        />
        <Choice
          label={t.cases.use}
          value={use}
          onChange={({ currentTarget: { value } }) => change({ use: value, at: '' })}
          options={[['', t.cases.all], ...uses.map((one) => [one.use, one.title] as const)]}
        />
      </div>
      <Waiting
        query={findings}
        empty={
          items.length === 0 && (
            <>
              <p>{t.findings.none}</p>
              {decided === 'no' && (
                <Button onClick={() => change({ decided: 'yes', at: '' })}>{t.findings.lookUp}</Button>
              )}
            </>
          )
        }
      />
      {current !== undefined && (
        <div className="tw-split tw-split--queue">
          <div>
            <ol className="tw-queue" aria-label={t.findings.queue}>
              {items.map(({ id, kind: what, use: name, score: sure, createdAt, assignedTo }) => (
                <li key={id}>
                  <button type="button" aria-current={id === current.id} onClick={() => change({ at: id })}>
                    <strong>{t.findings.kinds[what] ?? what}</strong>{' '}
                    {typeof sure === 'number' && showPercent(sure)}
                    <span className="tw-quiet tw-block">
                      {titleOf(name)} · {showMoment(createdAt)}
                      {assignedTo !== null && ` · ${nameOf(assignedTo)}`}
                    </span>
                  </button>
                </li>
              ))}
            </ol>
            <More list={findings} />
          </div>
          <Review
            key={current.id}
            finding={current}
            onAssign={(to) =>
              assign.mutateAsync({
                params: { id: current.id },
                body: { person: to, seen: current.assignedTo },
              })
            }
            onDecided={() => change({ at: items[index + 1]?.id ?? '' })}
          />
        </div>
      )}
    </Page>
  );
}
