import type { ReactNode } from 'react';
import { useApi, useDo } from '../../../kit/api.ts';
import { Field, Form } from '../../../kit/form.tsx';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

/** Places of work. */
export function SitesPart(): ReactNode {
  const sites = useApi('listSites', {});
  const create = useDo('createSite', ['listSites']);
  return (
    <>
      <Waiting query={sites} empty={sites.data?.items.length === 0 && <p>{t.sites.none}</p>} />
      {(sites.data?.items.length ?? 0) > 0 && (
        <Table
          caption={t.sites.title}
          rows={sites.data?.items ?? []}
          id={({ id }) => id}
          columns={[
            { title: t.sites.name, show: ({ name }) => name },
            { title: t.sites.id, show: ({ id }) => <code>{id}</code> },
            { title: t.sites.timeZone, show: ({ timeZone }) => timeZone },
          ]}
        />
      )}
      <Section title={t.sites.add}>
        <Form
          className="tw-form--row"
          send={t.sites.add}
          onSend={({ id = '', name = '', timeZone = '' }) =>
            create.mutateAsync({ body: { id, name, timeZone } })
          }
        >
          <Field label={t.sites.name} name="name" required maxLength={60} />
          <Field
            label={t.sites.id}
            hint={t.sites.idHint}
            name="id"
            required
            pattern="[a-z0-9][a-z0-9\-]{0,62}"
          />
          <Field
            label={t.sites.timeZone}
            hint={t.start.zoneHint}
            name="timeZone"
            required
            defaultValue={Intl.DateTimeFormat().resolvedOptions().timeZone}
          />
        </Form>
      </Section>
    </>
  );
}
