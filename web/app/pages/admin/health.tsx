import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { showPercent } from '../../../kit/format.ts';
import { Figure, Tile } from '../../../kit/measured.tsx';
import { t } from '../../../text/en.ts';

const EVERY_MS = 10_000;

/** Whether everything runs. */
export function HealthPart(): ReactNode {
  const ready = useQuery({
    queryKey: ['readyz'],
    queryFn: async () => ((await (await fetch('/readyz')).json()) as { status: string }).status,
    refetchInterval: EVERY_MS,
  });
  const today = useApi('getToday', { query: { days: 1 } }, { everyMs: EVERY_MS });
  const jobs = today.data?.jobs;
  return (
    <>
      <div className="tw-tiles">
        <Tile
          title={t.health.server}
          value={
            ready.error !== null
              ? t.health.silent
              : ready.data === 'ready'
                ? t.health.ready
                : (ready.data ?? '')
          }
          note={t.health.serverNote}
        />
        <Tile
          title={t.jobs.title}
          value={jobs === undefined ? '' : String(jobs.running)}
          note={t.health.running}
        >
          {jobs !== undefined && (
            <p>
              {t.today.failed} <Figure measured={jobs.failed} show={showPercent} of={t.today.ofJobs} />
            </p>
          )}
        </Tile>
        <Tile
          title={t.health.waiting}
          value={jobs === undefined ? '' : String(jobs.queued)}
          note={t.health.waitingNote}
        />
      </div>
      <p className="tw-below">
        {t.health.more}{' '}
        <a className="usa-link" href="/metrics">
          /metrics
        </a>
        ,{' '}
        <a className="usa-link" href="/readyz">
          /readyz
        </a>
        , <code>tidewaiter doctor</code>
      </p>
    </>
  );
}
