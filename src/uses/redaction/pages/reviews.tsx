import type { ReactNode } from 'react';
import { useApi } from '../../../../web/kit/api.ts';
import { showMoment } from '../../../../web/kit/format.ts';
import { Go } from '../../../../web/kit/go.tsx';
import { useNames } from '../../../../web/kit/me.ts';
import { Page, Section } from '../../../../web/kit/page.tsx';
import { Waiting } from '../../../../web/kit/problem.tsx';
import { Table } from '../../../../web/kit/table.tsx';
import { t } from '../../../../web/text/en.ts';
import type { RedactionReview } from '../../../client/index.ts';
import { words } from './words.ts';

/** All reviews that one may see, newest first. */
export function ReviewsPage(): ReactNode {
  const reviews = useApi('listReviews', { query: { limit: 100 } }, { everyMs: 5000 });
  const items = reviews.data?.items ?? [];
  return (
    <Page title={words.list.title} lead={words.list.lead}>
      {items.length === 0 ? (
        <Waiting query={reviews} empty={<p>{words.list.none}</p>} />
      ) : (
        <ReviewTable reviews={items} />
      )}
    </Page>
  );
}

/** Reviews of a case's files, where there are any: what waits in them is decided in the studio. */
export function ReviewsOfCase({ caseId }: { readonly caseId: string }): ReactNode {
  const reviews = useApi('listReviews', { query: { case: caseId, limit: 50 } }, { everyMs: 5000 });
  const items = reviews.data?.items ?? [];
  const waiting = items.filter(({ state }) => state === 'waiting-for-approval').length;
  if (items.length === 0) return null;
  return (
    <Section title={words.list.title}>
      {waiting > 0 && (
        <p>
          <strong>{words.list.waiting(waiting)}</strong>
        </p>
      )}
      <ReviewTable reviews={items} />
    </Section>
  );
}

function ReviewTable({ reviews }: { readonly reviews: readonly RedactionReview[] }): ReactNode {
  const nameOf = useNames();
  const profiles: Readonly<Record<string, string>> = t.redaction.profiles;
  return (
    <Table
      caption={words.list.title}
      rows={reviews}
      id={({ id }) => id}
      columns={[
        {
          title: words.list.file,
          show: ({ id, asset }) => (
            <Go to={`/redaction/reviews/${id}`}>
              <AssetName id={asset} />
            </Go>
          ),
        },
        { title: words.list.state, show: ({ state }) => words.states[state], by: ({ state }) => state },
        { title: words.list.profile, show: ({ profile }) => profiles[profile] ?? profile },
        { title: words.list.edits, numeric: true, show: ({ revision }) => revision },
        { title: words.list.by, show: ({ createdBy }) => nameOf(createdBy) },
        {
          title: words.list.at,
          show: ({ createdAt }) => showMoment(createdAt),
          by: ({ createdAt }) => createdAt,
        },
      ]}
    />
  );
}

function AssetName({ id }: { readonly id: string }): ReactNode {
  const { data } = useApi('getAsset', { params: { id } });
  return data?.name ?? id;
}
