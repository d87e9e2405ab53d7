import type { ReactNode } from 'react';
import type { Asset, Finding } from '../../../client/index.ts';
import { useApi, useDo } from '../../../../web/kit/api.ts';
import { showMoment } from '../../../../web/kit/format.ts';
import { Choice, Form } from '../../../../web/kit/form.tsx';
import { Go, useGo } from '../../../../web/kit/go.tsx';
import { useMay, workers } from '../../../../web/kit/me.ts';
import { t } from '../../../../web/text/en.ts';
import { StartRedaction } from './start-redaction.tsx';
import { Verdict } from './verdict.tsx';
import { words } from './words.ts';

const redactable = /^(image|video)\//;

/** What redaction can do with an asset: a review by people first, and the whole at once for who wants that. */
export function RedactionActions({ asset }: { readonly asset: Asset }): ReactNode {
  const may = useMay();
  if (asset.role === 'output' && asset.erasedAt === null && may([...workers, 'privacy'], asset.site))
    return <Verdict asset={asset} />;
  const fits = asset.role === 'original' && asset.erasedAt === null && redactable.test(asset.mediaType);
  if (!fits) return null;
  return (
    <>
      {may([...workers, 'privacy'], asset.site) && <Reviews asset={asset} />}
      <StartRedaction asset={asset} />
    </>
  );
}

function Reviews({ asset }: { readonly asset: Asset }): ReactNode {
  const start = useDo('startReview', ['listReviews', 'listCaseActivity']);
  const reviews = useApi('listReviews', { query: { asset: asset.id } });
  const go = useGo();
  const may = useMay();
  const items = reviews.data?.items ?? [];
  return (
    <section className="tw-section" aria-labelledby="review-and-redact">
      <h2 id="review-and-redact">{words.start.title}</h2>
      <p className="tw-quiet">{words.start.lead}</p>
      {items.length > 0 && (
        <ul className="tw-plain">
          {items.map(({ id, state, createdAt }) => (
            <li key={id}>
              <Go to={`/redaction/reviews/${id}`}>{words.start.open}</Go>{' '}
              <span className="tw-quiet">
                {words.states[state]}, {showMoment(createdAt)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {may(workers, asset.site) && (
        <Form
          className="tw-form--row"
          send={words.start.send}
          onSend={async ({ profile = 'public-release', reasons = '' }) => {
            const body = { asset: asset.id, profile, ...(reasons === '' ? {} : { reasons }) };
            go(`/redaction/reviews/${(await start.mutateAsync({ body })).id}`);
          }}
        >
          <Choice
            label={t.redaction.profile}
            name="profile"
            defaultValue="public-release"
            options={Object.entries(t.redaction.profiles)}
          />
          <Choice
            label={t.redaction.reasons}
            name="reasons"
            defaultValue="foia-us"
            options={[
              ['', t.redaction.noReasons],
              ['foia-us', t.redaction.foia],
            ]}
          />
        </Form>
      )}
      <Go to="/redaction/reviews">{words.start.all}</Go>
    </section>
  );
}

/** What a review that waits for a second person rests on. */
export function ReviewEvidence({ finding }: { readonly finding: Finding }): ReactNode {
  const { review, revision } = finding.evidence as { readonly review?: unknown; readonly revision?: unknown };
  if (typeof review !== 'string' || typeof revision !== 'number') return null;
  return <Go to={`/redaction/reviews/${review}`}>{words.evidence(revision)}</Go>;
}
