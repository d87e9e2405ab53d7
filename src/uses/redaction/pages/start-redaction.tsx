import { useState, type ReactNode } from 'react';
import type { Asset } from '../../../client/index.ts';
import { contentAddress, useDo } from '../../../../web/kit/api.ts';
import { Choice, Form } from '../../../../web/kit/form.tsx';
import { Go } from '../../../../web/kit/go.tsx';
import { JobProgress, useJob } from '../../../../web/kit/job.tsx';
import { useMay, workers } from '../../../../web/kit/me.ts';
import { t } from '../../../../web/text/en.ts';

const redactable = /^(image|video)\//;

/** Starts a redaction of an original, and shows how far it is and what came of it. */
export function StartRedaction({ asset }: { readonly asset: Asset }): ReactNode {
  const start = useDo('startRedaction', ['listJobs', 'listCaseActivity']);
  const [job, setJob] = useState<string>();
  const may = useMay();
  if (asset.role !== 'original' || asset.erasedAt !== null || !redactable.test(asset.mediaType)) return null;
  if (!may(workers, asset.site)) return null;
  return (
    <section className="tw-section" aria-label={t.redaction.title}>
      <h2>{t.redaction.start}</h2>
      <Form
        className="tw-form--row"
        send={t.redaction.send}
        onSend={async ({ profile = 'standard', reasons = '' }) => {
          const body = { asset: asset.id, profile, ...(reasons === '' ? {} : { reasons }) };
          setJob((await start.mutateAsync({ body })).job);
        }}
      >
        <Choice
          label={t.redaction.profile}
          name="profile"
          defaultValue="standard"
          options={Object.entries(t.redaction.profiles)}
        />
        <Choice
          label={t.redaction.reasons}
          name="reasons"
          options={[
            ['', t.redaction.noReasons],
            ['foia-us', t.redaction.foia],
          ]}
        />
      </Form>
      {job !== undefined && (
        <>
          <JobProgress id={job} />
          <Outputs job={job} />
        </>
      )}
    </section>
  );
}

/** What a redaction made, to look at and to download. */
function Outputs({ job: id }: { readonly job: string }): ReactNode {
  const job = useJob(id);
  if (job?.state !== 'done') return null;
  const { needsReview, ...result } = job.result ?? {};
  const made = Object.entries(t.redaction.outputs).flatMap(([what, name]) => {
    const asset = result[what];
    return typeof asset === 'string' ? [{ what, name, asset }] : [];
  });
  return (
    <>
      <p>
        <strong>{needsReview === true ? t.redaction.needsReview : t.redaction.clean}</strong>
      </p>
      <ul className="tw-plain">
        {made.map(({ what, name, asset }) => (
          <li key={what} className="tw-row">
            <Go to={`/library/${asset}`}>{name}</Go>
            <a
              className="usa-link"
              href={contentAddress(asset)}
              download
              aria-label={t.library.downloadOf(name)}
            >
              {t.library.download}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
