import type { ReactNode } from 'react';
import { useApi, type Answer } from '../../kit/api.ts';
import { Deadline } from '../../kit/deadline.tsx';
import { showBytes, showDuration, showMoment, showNumber, showPercent } from '../../kit/format.ts';
import { Choice } from '../../kit/form.tsx';
import { Go, useFilters } from '../../kit/go.tsx';
import { Figure, Tile } from '../../kit/measured.tsx';
import { useNames } from '../../kit/me.ts';
import { Page, Section } from '../../kit/page.tsx';
import { Waiting } from '../../kit/problem.tsx';
import { Table } from '../../kit/table.tsx';
import { t } from '../../text/en.ts';
import { GettingStarted } from '../start/getting-started.tsx';
import { titleOf } from '../uses.ts';

const EVERY_MS = 30_000;
type Today = Answer<'getToday'>;

const showHours = (hours: number): string => `${showNumber(hours)} ${t.units.hour}`;

/** What came in, what waits, what was decided, and where people's time goes. */
export function TodayPage(): ReactNode {
  const [filters, change] = useFilters();
  const days = Number(filters['days'] ?? 7);
  const today = useApi('getToday', { query: { days } }, { everyMs: EVERY_MS });
  const cases = useApi(
    'listCases',
    { query: { limit: 10, state: 'open', order: 'due' } },
    { everyMs: EVERY_MS },
  );
  const { data } = today;
  return (
    <Page
      title={t.today.title}
      {...(data === undefined ? {} : { lead: t.today.period(showMoment(data.from), showMoment(data.to)) })}
      actions={
        <Choice
          label={t.today.span}
          value={String(days)}
          onChange={({ currentTarget: { value } }) => change({ days: value })}
          options={[1, 7, 30, 90].map((count) => [String(count), t.today.days(count)])}
        />
      }
    >
      <Waiting query={today} />
      {cases.data?.items.length === 0 && <GettingStarted />}
      {data !== undefined && (
        <>
          <Figures today={data} period={t.today.days(days)} />
          <Due cases={cases.data?.items ?? []} />
          <Uses today={data} />
          <Load today={data} />
        </>
      )}
    </Page>
  );
}

function Figures({
  today: { received, waiting, decided, jobs, services },
  period,
}: {
  readonly today: Today;
  readonly period: string;
}): ReactNode {
  return (
    <div className="tw-tiles">
      <Tile
        title={t.today.received}
        value={showNumber(received.assets)}
        note={t.today.receivedNote(period, received.cases, showBytes(received.bytes))}
      />
      <Tile
        title={t.today.waiting}
        value={<Go to="/findings">{showNumber(waiting.findings)}</Go>}
        note={
          waiting.oldestFinding === null
            ? t.today.nothingWaits
            : t.today.oldest(
                showDuration((Date.now() - Date.parse(waiting.oldestFinding)) / 1000),
                waiting.unassigned,
              )
        }
      />
      <Tile
        title={t.today.open}
        value={<Go to="/cases?state=open">{showNumber(waiting.openCases)}</Go>}
        note={t.today.due(waiting.overdue, waiting.dueSoon)}
      />
      <Tile
        title={t.today.decided}
        value={showNumber(decided.findings)}
        note={t.today.decidedNote(period, decided.closedCases, decided.releases)}
      />
      <Tile
        title={t.today.jobs}
        value={<Go to="/admin/jobs">{showNumber(jobs.running + jobs.queued)}</Go>}
        note={t.today.jobsNote(period, jobs.running, jobs.queued, jobs.done)}
      >
        <p>
          {t.today.failed} <Figure measured={jobs.failed} show={showPercent} of={t.today.ofJobs} />
        </p>
      </Tile>
      <Tile
        title={t.today.services}
        value={showNumber(services.running)}
        note={t.today.servicesNote(services.waiting, services.failed)}
      />
    </div>
  );
}

/** Cases by what is due first. */
function Due({ cases }: { readonly cases: Answer<'listCases'>['items'] }): ReactNode {
  const nameOf = useNames();
  const due = cases.filter(({ dueAt }) => dueAt !== null);
  return (
    <Section title={t.today.dueFirst}>
      {due.length === 0 ? (
        <p className="tw-quiet">{t.today.nothingDue}</p>
      ) : (
        <Table
          caption={t.today.dueFirst}
          rows={due}
          id={({ id }) => id}
          columns={[
            { title: t.cases.name, show: ({ id, title }) => <Go to={`/cases/${id}`}>{title}</Go> },
            { title: t.cases.number, show: ({ number }) => number },
            { title: t.cases.kind, show: ({ kind }) => t.cases.kinds[kind] },
            { title: t.cases.owner, show: ({ owner }) => nameOf(owner) },
            { title: t.cases.due, show: ({ dueAt }) => <Deadline dueAt={dueAt} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Uses({ today }: { readonly today: Today }): ReactNode {
  // The platform's own jobs, such as preparing files for viewing, are no use of AI.
  const uses = today.uses.filter(({ use }) => use !== 'platform');
  return (
    <Section title={t.today.byUse}>
      {uses.length === 0 ? (
        <p className="tw-quiet">{t.today.noData}</p>
      ) : (
        <Table
          caption={t.today.byUse}
          rows={uses}
          id={({ use }) => use}
          columns={[
            { title: t.cases.use, show: ({ use }) => titleOf(use) },
            { title: t.today.proposed, numeric: true, show: ({ proposed }) => showNumber(proposed) },
            {
              title: t.today.falsePositives,
              show: ({ dismissed }) => (
                <Figure measured={dismissed} show={showPercent} of={t.today.ofDecided} />
              ),
            },
            {
              title: t.today.timeToDecide,
              show: ({ secondsToDecide }) => (
                <Figure measured={secondsToDecide} show={showDuration} of={t.today.ofDecided} />
              ),
            },
            {
              title: t.today.inHand,
              show: ({ secondsInHand }) => (
                <Figure measured={secondsInHand} show={showDuration} of={t.today.ofTaken} />
              ),
            },
            {
              title: t.today.machineTime,
              numeric: true,
              show: ({ machineSeconds }) => showDuration(machineSeconds),
            },
            {
              title: t.today.hoursReturned,
              show: ({ hoursReturned, minutesByHand }) =>
                typeof minutesByHand === 'number' ? (
                  <>
                    <Figure measured={hoursReturned} show={showHours} of={t.today.ofTaken} />{' '}
                    <span className="tw-quiet">{t.today.byHand(showNumber(minutesByHand))}</span>
                  </>
                ) : (
                  <span className="tw-quiet">{t.today.noBaseline}</span>
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Load({ today: { load } }: { readonly today: Today }): ReactNode {
  return (
    <Section title={t.today.load}>
      <p className="tw-quiet">{t.today.loadNote}</p>
      {load.length === 0 ? (
        <p className="tw-quiet">{t.today.noData}</p>
      ) : (
        <Table
          caption={t.today.load}
          rows={load}
          id={({ person }) => person}
          columns={[
            { title: t.people.name, show: ({ name }) => name },
            { title: t.today.decisions, numeric: true, show: ({ decisions }) => showNumber(decisions) },
            {
              title: t.today.perHour,
              show: ({ perHour }) => <Figure measured={perHour} show={showNumber} of={t.today.ofHours} />,
            },
          ]}
        />
      )}
    </Section>
  );
}
