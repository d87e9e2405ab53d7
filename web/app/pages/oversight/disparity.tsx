import type { ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { showDay } from '../../../kit/format.ts';
import { useFilters } from '../../../kit/go.tsx';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { numberIn, Share, UseChoice, useUses } from './figures.tsx';

const words = t.oversight.disparity;

interface Rate {
  readonly rate: unknown;
  readonly low: number;
  readonly high: number;
  readonly trials: number;
}

function Figure({ of: { rate, low, high, trials } }: { readonly of: Rate }): ReactNode {
  return <Share value={rate} low={low} high={high} n={trials} />;
}

/** Groups and their rates: never a person. */
export function DisparityPart(): ReactNode {
  const uses = useUses();
  const [{ use = uses[0] ?? '' }, change] = useFilters();
  const watch = useApi('watchDisparity', { query: { use, days: 365 } }, { enabled: use !== '' });
  if (use === '') return <p>{t.oversight.reviews.none}</p>;
  const { tests = [], outcomes } = watch.data ?? {};
  return (
    <>
      <div className="tw-filters" data-filter>
        <UseChoice value={use} onChoose={(chosen) => change({ use: chosen })} />
      </div>
      <Waiting query={watch} empty={tests.length === 0 && <p>{words.none}</p>} />
      {tests.map(({ test, kind, testedAt, simulated, groups, fourFifths }) => (
        <Section key={test} title={words.table(kind, showDay(testedAt))}>
          <p>
            {simulated && <strong>{words.simulated}. </strong>}
            {words.age(ageOf(testedAt))}
          </p>
          <Table
            caption={words.table(kind, showDay(testedAt))}
            rows={groups}
            id={({ name }) => name}
            columns={[
              { title: words.group, show: ({ name }) => name },
              { title: words.fmr, show: ({ fmr }) => <Figure of={fmr} /> },
              { title: words.fnmr, show: ({ fnmr }) => <Figure of={fnmr} /> },
            ]}
          />
          <FourFifths found={fourFifths} />
        </Section>
      ))}
      {outcomes !== undefined && (
        <Section title={words.outcomes}>
          <Table
            caption={words.outcomes}
            rows={outcomes.groups}
            id={({ name }) => name}
            columns={[
              { title: words.group, show: ({ name }) => words.outcome[name] },
              { title: words.passed, show: ({ passed }) => <Figure of={passed} /> },
            ]}
          />
          <FourFifths found={outcomes.fourFifths} />
        </Section>
      )}
    </>
  );
}

function FourFifths({
  found: { ratio, verdict },
}: {
  readonly found: { readonly ratio: unknown; readonly verdict: keyof typeof words.verdicts };
}): ReactNode {
  const known = numberIn(ratio);
  return (
    <p>
      <strong>{words.fourFifths}:</strong> {words.verdicts[verdict]}
      {known !== undefined && ` (${known.toFixed(2)})`}
    </p>
  );
}

function ageOf(testedAt: string): number {
  return Math.max(0, Math.floor((Date.now() - Date.parse(testedAt)) / 86_400_000));
}
