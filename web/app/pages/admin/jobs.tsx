import type { ReactNode } from 'react';
import { showDuration, showMoment } from '../../../kit/format.ts';
import { Choice } from '../../../kit/form.tsx';
import { useFilters } from '../../../kit/go.tsx';
import { JobAbout, JobState } from '../../../kit/job.tsx';
import { More, useList } from '../../../kit/list.tsx';
import { useSiteNames } from '../../../kit/me.ts';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

const states = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
const EVERY_MS = 5_000;

/** All jobs; those that failed say why and what to do. */
export function JobsPart(): ReactNode {
  const siteOf = useSiteNames();
  const [filters, change] = useFilters();
  const state = states.find((one) => one === filters['state']);
  const jobs = useList('listJobs', { query: state === undefined ? {} : { state } }, EVERY_MS);
  const { items } = jobs;
  return (
    <>
      <div className="tw-filters">
        <Choice
          label={t.cases.state}
          value={state ?? ''}
          onChange={({ currentTarget: { value } }) => change({ state: value })}
          options={[['', t.cases.all], ...states.map((one) => [one, t.jobs.states[one]] as const)]}
        />
      </div>
      <Waiting query={jobs} empty={items.length === 0 && <p>{t.jobs.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={t.jobs.title}
          rows={items}
          id={({ id }) => id}
          columns={[
            {
              title: t.jobs.what,
              show: (job) => <JobAbout job={job} />,
            },
            { title: t.cases.state, show: (job) => <JobState job={job} /> },
            { title: t.cases.site, show: ({ site }) => siteOf(site) },
            {
              title: t.jobs.asked,
              show: ({ createdAt }) => showMoment(createdAt),
              by: ({ createdAt }) => createdAt,
            },
            {
              title: t.jobs.took,
              numeric: true,
              show: ({ startedAt, finishedAt }) =>
                startedAt === null || finishedAt === null
                  ? ''
                  : showDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000),
            },
            { title: t.jobs.attempt, numeric: true, show: ({ attempt }) => attempt },
            {
              title: t.jobs.why,
              show: ({ error }) =>
                error !== null && (
                  <>
                    {error.message}. {error.remedy} <span className="tw-quiet">{error.code}</span>
                  </>
                ),
            },
          ]}
        />
      )}
      <More list={jobs} />
    </>
  );
}
