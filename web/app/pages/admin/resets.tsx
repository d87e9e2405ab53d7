import { useState, type ReactNode } from 'react';
import type { Person } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { showMoment } from '../../../kit/format.ts';
import { Area, Button, Form } from '../../../kit/form.tsx';
import { useNames } from '../../../kit/me.ts';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { Prove } from './prove.tsx';

/** Help for somebody who cannot sign in: whoever gives it never learns the password. */
export function Resets({ person }: { readonly person: Person }): ReactNode {
  const params = { id: person.id };
  const refreshed = ['listResets'] as const;
  const resets = useApi('listResets', { params });
  const password = useDo('resetPassword', refreshed);
  const factor = useDo('resetSecondFactor', refreshed);
  const nameOf = useNames();
  const [what, setWhat] = useState<'password' | 'second-factor'>();
  const [proving, setProving] = useState(false);
  const [made, setMade] = useState<{ readonly code: string; readonly expiresAt: string }>();
  const [done, setDone] = useState(false);
  const items = resets.data?.items ?? [];
  const begin = (wanted: 'password' | 'second-factor'): void => {
    setMade(undefined);
    setDone(false);
    setWhat(wanted);
  };
  const send = async (reason: string): Promise<void> => {
    if (what === 'password') setMade(await password.mutateAsync({ params, body: { reason } }));
    else await factor.mutateAsync({ params, body: { reason } });
    setDone(what === 'second-factor');
    setWhat(undefined);
  };
  const moment = (iso: string | null): string | undefined => (iso === null ? undefined : showMoment(iso));
  return (
    <section className="tw-section" aria-labelledby={`resets-${person.id}`}>
      <h3 id={`resets-${person.id}`}>{t.people.cannotSignIn}</h3>
      <p className="tw-quiet">{t.people.cannotLead}</p>
      {what === undefined && (
        <div className="tw-row">
          <Button onClick={() => begin('password')}>{t.people.resetPassword}</Button>
          <Button onClick={() => begin('second-factor')}>{t.people.resetFactor}</Button>
        </div>
      )}
      {done && <p role="status">{t.people.resetDone}</p>}
      {items.length > 0 && (
        <Table
          caption={t.people.resets}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: t.people.resets, show: (one) => t.people.resetWhat[one.what] },
            { title: t.activity.when, show: ({ askedAt }) => showMoment(askedAt) },
            { title: t.people.resetBy, show: ({ askedBy }) => nameOf(askedBy) },
            { title: t.people.resetReason, show: ({ reason }) => reason },
            {
              title: t.cases.state,
              show: ({ usedAt, signedInAt }) => t.people.resetState(moment(usedAt), moment(signedInAt)),
            },
          ]}
        />
      )}
      {what !== undefined && (
        <Form
          key={what}
          send={t.people.resetSend[what]}
          onSend={({ reason = '' }) => send(reason)}
          extra={
            <>
              <Button kind="unstyled" onClick={() => setWhat(undefined)}>
                {t.people.resetNot}
              </Button>
              <Button kind="unstyled" onClick={() => setProving(true)}>
                {t.account.prove}
              </Button>
            </>
          }
        >
          <p>{what === 'password' ? t.people.resetPasswordLead : t.people.resetFactorLead}</p>
          <Area
            label={t.people.resetReason}
            hint={t.people.resetReasonHint}
            name="reason"
            required
            autoFocus
            maxLength={1000}
            rows={3}
          />
        </Form>
      )}
      {made !== undefined && (
        <div role="status">
          <h4>{t.people.resetCode(person.name)}</h4>
          <p className="tw-secret">{made.code}</p>
          <p>{t.people.resetCodeLead(person.login, showMoment(made.expiresAt))}</p>
        </div>
      )}
      {proving && <Prove onClose={() => setProving(false)} />}
    </section>
  );
}
