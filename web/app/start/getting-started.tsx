import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf, useApi } from '../../kit/api.ts';
import { Field, Form } from '../../kit/form.tsx';
import { Go, useGo } from '../../kit/go.tsx';
import { useMay, workers } from '../../kit/me.ts';
import { Section } from '../../kit/page.tsx';
import { t } from '../../text/en.ts';

const sample = new URL('./sample.jpg', import.meta.url);

/** The way from an empty workspace to a first case, or to a redacted sample with one press. */
export function GettingStarted(): ReactNode {
  const sites = useApi('listSites', {});
  const queries = useQueryClient();
  const may = useMay();
  const go = useGo();
  const [stage, setStage] = useState('');
  const site = sites.data?.items.find(({ id }) => may(workers, id));
  if (sites.data === undefined) return null;
  if (sites.data.items.length === 0)
    return (
      <Section title={t.start.siteTitle}>
        <p>{t.start.siteLead}</p>
        <Form
          className="tw-form--row"
          send={t.start.siteSend}
          onSend={async ({ name = '', timeZone = '' }) => {
            await api.call('createSite', { body: { id: slug(name), name, timeZone } });
            await queries.invalidateQueries({ queryKey: keyOf('listSites') });
          }}
        >
          <Field label={t.sites.name} hint={t.start.siteHint} name="name" required maxLength={60} />
          <Field
            label={t.sites.timeZone}
            hint={t.start.zoneHint}
            name="timeZone"
            required
            defaultValue={Intl.DateTimeFormat().resolvedOptions().timeZone}
          />
        </Form>
      </Section>
    );
  if (site === undefined) return null;
  const trySample = async (): Promise<void> => {
    setStage(t.start.stages[0]);
    const { body: opened } = await api.call('openCase', {
      body: { site: site.id, use: 'redaction', title: t.start.sampleCase },
    });
    const bytes = await (await fetch(sample.href)).blob();
    const { body: asset } = await api.call('uploadAsset', {
      params: { id: opened.id },
      query: { name: 'sample.jpg' },
      bytes,
    });
    setStage(t.start.stages[1]);
    await api.call('startRedaction', { body: { asset: asset.id, profile: 'standard' } });
    await queries.invalidateQueries();
    go(`/cases/${opened.id}`);
  };
  return (
    <Section title={t.start.title}>
      <p>{t.start.lead}</p>
      <Form
        send={t.start.sample}
        onSend={trySample}
        extra={
          <Go to="/cases" className="usa-button usa-button--outline">
            {t.start.own}
          </Go>
        }
      >
        {stage !== '' && <p role="status">{stage}</p>}
      </Form>
    </Section>
  );
}

/** A site's id from its name. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'site' : plain.slice(0, 60);
}
