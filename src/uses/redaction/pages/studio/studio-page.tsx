import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { api, keyOf, useApi, useDo, type Answer } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { useIdOfPage } from '../../../../../web/kit/go.tsx';
import { JobProgress, useJob } from '../../../../../web/kit/job.tsx';
import { useSession } from '../../../../../web/kit/me.ts';
import { Page } from '../../../../../web/kit/page.tsx';
import { Problem, Waiting } from '../../../../../web/kit/problem.tsx';
import type { Asset, LoggedRedactionEdit, RedactionReview } from '../../../../client/index.ts';
import type { ReviewBase } from '../../review/base.ts';
import { words } from '../words.ts';
import { ReviewSession } from './review-session.ts';
import { openShown } from './shown.ts';
import { Studio } from './studio.tsx';

/** A review from its analysis on. */
export function StudioPage(): ReactNode {
  const id = useIdOfPage();
  const review = useApi('getReview', { params: { id } });
  const asset = useApi(
    'getAsset',
    { params: { id: review.data?.asset ?? '' } },
    { enabled: review.data !== undefined },
  );
  if (review.data === undefined || asset.data === undefined)
    return (
      <Before title={words.list.title}>
        <Waiting query={review.data === undefined ? review : asset} />
      </Before>
    );
  if (asset.data.erasedAt !== null) return <Before title={asset.data.name}>{words.loading.gone}</Before>;
  if (review.data.state === 'analysing' || review.data.state === 'failed')
    return <Analysis review={review.data} name={asset.data.name} />;
  return <Prepared review={review.data} asset={asset.data} />;
}

function Before({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <Page title={title} above={[['/redaction/reviews', words.list.title]]}>
      {children}
    </Page>
  );
}

function Analysis({ review, name }: { readonly review: RedactionReview; readonly name: string }): ReactNode {
  const job = useJob(review.job);
  const queries = useQueryClient();
  const ended = job?.finishedAt ?? null;
  useEffect(() => {
    if (ended !== null && review.state === 'analysing')
      void queries.invalidateQueries({ queryKey: keyOf('getReview') });
  }, [ended, review.state, queries]);
  return (
    <Before title={name}>
      <p>{words.states[review.state]}</p>
      <JobProgress id={review.job} />
    </Before>
  );
}

/** Waits for the copy for viewing, and has it made when nobody asked for it yet. */
function Prepared({ review, asset }: { readonly review: RedactionReview; readonly asset: Asset }): ReactNode {
  const params = { id: asset.id };
  const proxy = useApi('getProxy', { params }, { everyMs: 2000 });
  const ask = useDo('requestProxy', ['getProxy']);
  const state = proxy.data?.state;
  const { mutate, isIdle } = ask;
  useEffect(() => {
    if (state === 'none' && isIdle) mutate({ params: { id: asset.id } });
  }, [state, isIdle, mutate, asset.id]);
  if (state === 'ready') return <Opened review={review} asset={asset} />;
  return (
    <Before title={asset.name}>
      {proxy.data === undefined ? (
        <Waiting query={proxy} />
      ) : state === 'failed' ? (
        <>
          <p>
            <strong>{words.loading.failed}.</strong> {proxy.data.error?.message}. {proxy.data.error?.remedy}
          </p>
          <Button onClick={() => mutate({ params })}>{words.loading.make}</Button>
        </>
      ) : (
        <>
          <p>{words.loading.proxy}</p>
          {proxy.data.job !== null && <JobProgress id={proxy.data.job} />}
        </>
      )}
      <Problem error={ask.error} />
    </Before>
  );
}

function Opened({ review, asset }: { readonly review: RedactionReview; readonly asset: Asset }): ReactNode {
  const { person } = useSession();
  const mine = person?.id ?? '';
  const opened = useQuery({
    queryKey: ['redaction-studio', review.id, mine],
    queryFn: async ({ signal }) => {
      const [session, shown] = await Promise.all([
        openSession(review, mine, signal),
        openShown(asset.id, signal),
      ]);
      return { session, shown };
    },
    // What was opened goes on by itself; leaving the page closes it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    structuralSharing: false,
  });
  const { data } = opened;
  useEffect(() => () => data?.shown.player.close(), [data]);
  if (data === undefined)
    return (
      <Before title={asset.name}>
        <Waiting query={opened} />
      </Before>
    );
  return <Studio session={data.session} shown={data.shown} asset={asset} />;
}

async function openSession(
  review: RedactionReview,
  person: string,
  signal: AbortSignal,
): Promise<ReviewSession> {
  const params = { id: review.id };
  // Together: a refusal of one, while the other is waited for, would be heard by nobody.
  const [base, log] = await Promise.all([
    api.fetch('readReviewBase', { params, signal }).then((answer) => answer.json() as Promise<ReviewBase>),
    editsOf(params, signal),
  ]);
  return new ReviewSession(review, base, log, person);
}

async function editsOf(params: { readonly id: string }, signal: AbortSignal): Promise<LoggedRedactionEdit[]> {
  const log: LoggedRedactionEdit[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const query: { after: number; limit: number } = { after, limit: 2000 };
    const { body }: { body: Answer<'listEdits'> } = await api.call('listEdits', { params, query, signal });
    log.push(...body.edits);
    after = body.next;
  }
  return log;
}
