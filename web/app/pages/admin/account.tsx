import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { keyOf, useApi, useDo } from '../../../kit/api.ts';
import { showMoment } from '../../../kit/format.ts';
import { Button, Field, Form } from '../../../kit/form.tsx';
import { Section } from '../../../kit/page.tsx';
import { canUsePasskeys, enrolPasskey } from '../../../kit/passkey.ts';
import { Problem } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { OwnApp } from './own-app.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { Prove } from './prove.tsx';

/** One's own password, passkeys and sessions. Some of it wants the password to have been given lately. */
export function AccountPart(): ReactNode {
  const change = useDo('changePassword');
  const [changed, setChanged] = useState(false);
  return (
    <>
      <Section title={t.account.password}>
        <Form
          send={t.account.change}
          onSend={async ({ current = '', next = '' }) => {
            await change.mutateAsync({ body: { current, next } });
            setChanged(true);
          }}
        >
          <Field
            label={t.account.current}
            name="current"
            type="password"
            required
            autoComplete="current-password"
          />
          <Field
            label={t.account.next}
            hint={t.firstRun.passwordHint}
            name="next"
            type="password"
            required
            autoComplete="new-password"
          />
          {changed && <p role="status">{t.account.changed}</p>}
        </Form>
      </Section>
      <Passkeys />
      <OwnApp />
      <OwnSessions />
    </>
  );
}

function Passkeys(): ReactNode {
  const passkeys = useApi('listPasskeys', {});
  const remove = useDo('removePasskey', ['listPasskeys']);
  const queries = useQueryClient();
  const [proving, setProving] = useState(false);
  const items = passkeys.data?.items ?? [];
  return (
    <Section title={t.account.passkeys}>
      <Problem error={remove.error} />
      {items.length === 0 ? (
        <p className="tw-quiet">{t.account.noPasskeys}</p>
      ) : (
        <Table
          caption={t.account.passkeys}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: t.people.name, show: ({ name }) => name },
            { title: t.account.made, show: ({ createdAt }) => showMoment(createdAt) },
            {
              title: t.tokens.used,
              show: ({ usedAt }) => (usedAt === null ? t.tokens.never : showMoment(usedAt)),
            },
            {
              title: t.webhooks.remove,
              show: ({ id, name }) => (
                <Button
                  kind="unstyled"
                  aria-label={t.account.removeOf(name)}
                  onClick={() => remove.mutate({ params: { id } })}
                >
                  {t.webhooks.remove}
                </Button>
              ),
            },
          ]}
        />
      )}
      {canUsePasskeys() ? (
        <Form
          send={t.account.add}
          onSend={async ({ name = '' }) => {
            await enrolPasskey(name);
            await queries.invalidateQueries({ queryKey: keyOf('listPasskeys') });
          }}
          extra={
            <Button kind="unstyled" onClick={() => setProving(true)}>
              {t.account.prove}
            </Button>
          }
        >
          <Field
            label={t.account.passkeyName}
            hint={t.account.passkeyHint}
            name="name"
            required
            maxLength={100}
          />
        </Form>
      ) : (
        <p className="tw-quiet">{t.account.cannot}</p>
      )}
      {proving && <Prove onClose={() => setProving(false)} />}
    </Section>
  );
}
