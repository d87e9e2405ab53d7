import { useState, type ReactNode } from 'react';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { endOfDay, showDay, showMoment } from '../../../kit/format.ts';
import { Button, Check, Field, Form } from '../../../kit/form.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

const scopes = ['read', 'write', 'upload', 'jobs', 'people', 'settings'] as const;

/** One's own tokens for programs. */
export function TokensPart(): ReactNode {
  const tokens = useApi('listTokens', {});
  const revoke = useDo('revokeToken', ['listTokens']);
  const create = useDo('createToken', ['listTokens']);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string>();
  const items = tokens.data?.items ?? [];
  return (
    <>
      <Button kind="plain" onClick={() => setAdding(true)}>
        {t.tokens.add}
      </Button>
      <Problem error={revoke.error} />
      <Waiting query={tokens} empty={items.length === 0 && <p>{t.tokens.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={t.tokens.title}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: t.tokens.name, show: ({ name }) => name },
            { title: t.tokens.scopes, show: ({ scopes: held }) => held.join(', ') },
            { title: t.tokens.expires, show: ({ expiresAt }) => showDay(expiresAt) },
            {
              title: t.tokens.used,
              show: ({ usedAt }) => (usedAt === null ? t.tokens.never : showMoment(usedAt)),
            },
            {
              title: t.cases.state,
              show: ({ id, name, revokedAt, expiresAt }) =>
                revokedAt !== null ? (
                  t.tokens.revoked
                ) : Date.parse(expiresAt) < Date.now() ? (
                  t.tokens.over
                ) : (
                  <Button
                    kind="unstyled"
                    aria-label={t.tokens.revokeOf(name)}
                    onClick={() => revoke.mutate({ params: { id } })}
                  >
                    {t.tokens.revoke}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {adding && (
        <Dialog title={t.tokens.add} onClose={() => setAdding(false)}>
          <Form
            send={t.tokens.add}
            onSend={async ({ name = '', until = '', ...rest }) => {
              const wanted = scopes.filter((scope) => rest[scope] !== undefined);
              const body = { name, scopes: wanted, expiresAt: endOfDay(until) };
              setMade((await create.mutateAsync({ body })).token);
              setAdding(false);
            }}
          >
            <Field label={t.tokens.name} hint={t.tokens.nameHint} name="name" required />
            <Field label={t.tokens.expires} name="until" type="date" required />
            <fieldset className="usa-fieldset">
              <legend className="usa-legend">{t.tokens.scopes}</legend>
              {scopes.map((scope) => (
                <Check key={scope} label={t.tokens.scopeNames[scope]} name={scope} />
              ))}
            </fieldset>
          </Form>
        </Dialog>
      )}
      {made !== undefined && (
        <Dialog title={t.tokens.made} onClose={() => setMade(undefined)}>
          <p>{t.tokens.once}</p>
          <p className="tw-secret">{made}</p>
          <Button onClick={() => void navigator.clipboard.writeText(made)}>{t.form.copy}</Button>
        </Dialog>
      )}
    </>
  );
}
