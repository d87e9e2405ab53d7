import { useState, type ReactNode } from 'react';
import type { UseRegistration } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { endOfDay, showDay } from '../../../kit/format.ts';
import { Button, Choice, Field, Form } from '../../../kit/form.tsx';
import { useMay, useNames, useSession } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { lackOf, officeRoles } from './offices.ts';

const words = t.oversight.permits;

/** Permits that rest on a version, and issuing one: AI governance does, and not who wrote the version. */
export function PermitsSection({ registration }: { readonly registration: UseRegistration }): ReactNode {
  const { person } = useSession();
  const may = useMay();
  const nameOf = useNames();
  const permits = useApi('listPermits', {});
  const [issuing, setIssuing] = useState(false);
  const items = (permits.data?.items ?? []).filter((one) => one.registration === registration.id);
  const mayIssue = may([officeRoles.caio]) && registration.author !== person?.id;
  return (
    <Section
      title={words.title}
      actions={mayIssue && <Button onClick={() => setIssuing(true)}>{words.issue}</Button>}
    >
      <Waiting query={permits} empty={items.length === 0 && <p>{words.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={words.title}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: words.purpose, show: ({ purpose }) => purpose },
            { title: words.site, show: ({ site }) => (site === '*' ? words.everySite : site) },
            {
              title: words.issued,
              show: ({ issuedBy, issuedAt }) => `${nameOf(issuedBy)}, ${showDay(issuedAt)}`,
            },
            {
              title: words.expires,
              by: ({ expires }) => expires,
              show: ({ expires }) => showDay(expires),
            },
            {
              title: words.state,
              show: ({ state, lacks }) => [words.states[state], ...lacks.map(lackOf)].join(', '),
            },
          ]}
        />
      )}
      {issuing && <Issue registration={registration} onClose={() => setIssuing(false)} />}
    </Section>
  );
}

function Issue({
  registration: { id, purposes },
  onClose,
}: {
  readonly registration: UseRegistration;
  readonly onClose: () => void;
}): ReactNode {
  const sites = useApi('listSites', {});
  const issue = useDo('issuePermit', ['listPermits', 'getCalendar']);
  return (
    <Dialog title={words.issue} onClose={onClose}>
      <Form
        send={words.issue}
        onSend={async ({ purpose = '', site = '', expires = '' }) => {
          await issue.mutateAsync({
            body: { registration: id, purpose, site, expires: endOfDay(expires) },
          });
          onClose();
        }}
      >
        <Choice
          label={words.purpose}
          name="purpose"
          options={purposes.map((purpose) => [purpose, purpose] as const)}
        />
        <Choice
          label={words.site}
          name="site"
          options={[
            ...(sites.data?.items ?? []).map((site) => [site.id, site.name] as const),
            ['*', words.everySite],
          ]}
        />
        <Field label={words.expires} hint={words.expiresHint} name="expires" type="date" required />
      </Form>
    </Dialog>
  );
}
