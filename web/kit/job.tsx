import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import type { Job } from '../../src/client/index.ts';
import { t } from '../text/en.ts';
import { keyOf, useApi, useDo } from './api.ts';
import { showNumber } from './format.ts';
import { Button } from './form.tsx';
import { Go } from './go.tsx';

/** A job as it goes on, told by the server each time it changes. */
export function useJob(id: string | undefined): Job | undefined {
  const queries = useQueryClient();
  const given = { params: { id: id ?? '' } };
  const { data } = useApi('getJob', given, { enabled: id !== undefined });
  useEffect(() => {
    if (id === undefined) return;
    const events = new EventSource(`/api/v1/jobs/${id}/events`);
    events.addEventListener('job', ({ data: text }: MessageEvent<string>) => {
      const job = JSON.parse(text) as Job;
      queries.setQueryData(keyOf('getJob', { params: { id } }), job);
      if (job.finishedAt === null) return;
      events.close();
      for (const list of ['listJobs', 'listAssets', 'listLibrary', 'listFindings'] as const)
        void queries.invalidateQueries({ queryKey: keyOf(list) });
    });
    return () => events.close();
  }, [id, queries]);
  return data;
}

export function JobState({ job }: { readonly job: Pick<Job, 'state'> }): ReactNode {
  return <span className={`usa-tag tw-tag tw-tag--${job.state}`}>{t.jobs.states[job.state]}</span>;
}

/** What a job does, as a link to what it is about: the studio of a review, the file, or else its case. */
export function JobAbout({ job: { queue, about, case: at } }: { readonly job: Job }): ReactNode {
  const { asset, review } = about;
  const file = useApi('getAsset', { params: { id: asset ?? '' } }, { enabled: asset !== undefined });
  const what = t.jobs.queues[queue] ?? queue;
  const name = file.data === undefined ? what : `${what}: ${file.data.name}`;
  const to =
    review !== undefined
      ? `/redaction/reviews/${review}`
      : asset !== undefined
        ? `/library/${asset}`
        : at !== null
          ? `/cases/${at}`
          : undefined;
  return to === undefined ? name : <Go to={to}>{name}</Go>;
}

/** How far a job is, what came of it, and a way to stop it. */
export function JobProgress({ id }: { readonly id: string }): ReactNode {
  const job = useJob(id);
  const cancel = useDo('cancelJob', ['listJobs']);
  if (job === undefined) return null;
  const { progress, error } = job;
  const running = job.finishedAt === null;
  return (
    <div className="tw-job" aria-live="polite">
      <div className="tw-row">
        <JobState job={job} />
        {running && progress !== null && (
          <>
            <progress
              aria-label={t.jobs.progress}
              {...(progress.total === undefined ? {} : { value: progress.done, max: progress.total })}
            />
            <span>
              {t.jobs.stage(
                progress.stage,
                showNumber(progress.done),
                progress.total?.toString(),
                progress.unit,
              )}
            </span>
          </>
        )}
        {running && (
          <Button kind="unstyled" onClick={() => cancel.mutate({ params: { id } })}>
            {t.jobs.cancel}
          </Button>
        )}
      </div>
      {error !== null && (
        <p>
          <strong>{error.message}.</strong> {error.remedy} <span className="tw-quiet">{error.code}</span>
        </p>
      )}
    </div>
  );
}
