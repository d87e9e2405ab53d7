import type { ReactNode } from 'react';
import { useApi, type Answer } from '../../../../../web/kit/api.ts';
import { showDuration } from '../../../../../web/kit/format.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { Go } from '../../../../../web/kit/go.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { Table } from '../../../../../web/kit/table.tsx';
import { t } from '../../../../../web/text/en.ts';
import { asNumber } from '../site.ts';
import { WatchPage } from '../watch-page.tsx';
import { useMoment, useSecond } from '../zone.ts';
import { LoadTiles } from './load-page.tsx';
import { usePeriod } from './period.tsx';
import './reports.css';

const words = t.watch.handover;
type Report = Answer<'getHandover'>;

/** What the next shift must know, to read and to print. */
export function HandoverPage(): ReactNode {
  const { from, to, choice } = usePeriod('8');
  return (
    <WatchPage
      title={words.title}
      actions={
        <>
          {choice}
          <Button onClick={() => globalThis.print()}>{words.print}</Button>
        </>
      }
    >
      {(site) => <Handover site={site} from={from} to={to} />}
    </WatchPage>
  );
}

function Handover({
  site,
  from,
  to,
}: {
  readonly site: string;
  readonly from: string;
  readonly to: string;
}): ReactNode {
  const [showMoment, showSecond] = [useMoment(), useSecond()];
  const report = useApi('getHandover', { params: { site }, query: { from, to } });
  if (report.data === undefined) return <Waiting query={report} />;
  const { siteName, open, happened, tests, gaps, overrides, load } = report.data;
  return (
    <article className="ww-report">
      <p>
        <strong>{siteName}</strong>, {t.watch.period.of(showMoment(from), showMoment(to))}
      </p>
      <Lines title={words.open} rows={open} />
      <Lines title={words.happened} rows={happened} />
      <Section title={words.gaps}>
        {gaps.length === 0 ? (
          <p className="tw-quiet">{words.none}</p>
        ) : (
          <Table
            caption={words.gaps}
            rows={gaps}
            id={(gap) => `${gap.camera} ${gap.from}`}
            columns={[
              { title: words.camera, show: ({ name }) => name },
              { title: words.at, show: (gap) => showSecond(gap.from) },
              { title: words.until, show: (gap) => showSecond(gap.to) },
              { title: words.why, show: ({ why }) => t.watch.camera.why[why] ?? why },
            ]}
          />
        )}
      </Section>
      <Section title={words.overrides}>
        {overrides.length === 0 ? (
          <p className="tw-quiet">{words.none}</p>
        ) : (
          <Table
            caption={words.overrides}
            rows={overrides}
            id={(one) => `${one.place} ${one.from}`}
            columns={[
              { title: words.place, show: ({ place }) => place },
              {
                title: words.state,
                show: ({ state }) => (state === 'armed' ? t.watch.wall.armed : t.watch.wall.disarmed),
              },
              { title: words.at, show: (one) => showMoment(one.from) },
              { title: words.until, show: ({ until }) => showMoment(until) },
              { title: words.reason, show: ({ reason }) => reason },
            ]}
          />
        )}
      </Section>
      <Section title={words.load}>
        <LoadTiles load={load} />
      </Section>
      {tests.length > 0 && <Lines title={words.tests} rows={tests} />}
    </article>
  );
}

function Lines({ title, rows }: { readonly title: string; readonly rows: Report['open'] }): ReactNode {
  const showSecond = useSecond();
  const severities: Readonly<Record<string, string>> = t.watch.severity;
  const states: Readonly<Record<string, string>> = t.watch.states;
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <p className="tw-quiet">{words.none}</p>
      ) : (
        <Table
          caption={title}
          rows={rows}
          id={({ id }) => id}
          columns={[
            {
              title: words.at,
              show: ({ id, startedAt }) => <Go to={`/watch/incidents/${id}`}>{showSecond(startedAt)}</Go>,
            },
            { title: words.camera, show: ({ camera }) => camera },
            { title: words.severity, show: ({ severity }) => severities[severity] ?? severity },
            { title: words.state, show: ({ state }) => states[state] ?? state },
            { title: words.rules, show: ({ rules }) => rules.join(', ') },
            {
              title: words.after,
              show: ({ acknowledgedAfterSeconds }) => {
                const after = asNumber(acknowledgedAfterSeconds);
                return after === undefined ? words.notYet : showDuration(after);
              },
            },
            { title: words.notes, show: ({ notes }) => notes.join('; ') },
          ]}
        />
      )}
    </Section>
  );
}
