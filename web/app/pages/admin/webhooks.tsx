import { useState, type ReactNode } from 'react';
import { useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { Button, Check, Field, Form } from '../../../kit/form.tsx';
import { More, useList } from '../../../kit/list.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { webhookKinds } from './webhook-kinds.ts';

const groups = Object.entries(webhookKinds) as [keyof typeof webhookKinds, readonly string[]][];
const listed = groups.flatMap(([, kinds]) => kinds);

/** Addresses that are told of events. */
export function WebhooksPart(): ReactNode {
  const webhooks = useList('listWebhooks', {});
  const create = useDo('createWebhook', ['listWebhooks']);
  const enable = useDo('enableWebhook', ['listWebhooks']);
  const remove = useDo('deleteWebhook', ['listWebhooks']);
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const { items } = webhooks;
  return (
    <>
      <Button kind="plain" onClick={() => setAdding(true)}>
        {t.webhooks.add}
      </Button>
      <Problem error={enable.error ?? remove.error} />
      <Waiting query={webhooks} empty={items.length === 0 && <p>{t.webhooks.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={t.webhooks.title}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: t.webhooks.url, show: ({ url }) => url },
            { title: t.webhooks.kinds, show: ({ kinds }) => kinds.join(', ') },
            { title: t.webhooks.failures, numeric: true, show: ({ failures }) => failures },
            {
              title: t.cases.state,
              show: ({ id, disabledAt }) =>
                disabledAt === null ? (
                  t.webhooks.on
                ) : (
                  <Button kind="unstyled" onClick={() => enable.mutate({ params: { id } })}>
                    {t.webhooks.enable}
                  </Button>
                ),
            },
            {
              title: t.webhooks.remove,
              show: ({ id, url }) => (
                <Button
                  kind="unstyled"
                  aria-label={t.webhooks.removeOf(url)}
                  onClick={() => remove.mutate({ params: { id } })}
                >
                  {t.webhooks.remove}
                </Button>
              ),
            },
          ]}
        />
      )}
      <More list={webhooks} />
      {adding && (
        <Dialog title={t.webhooks.add} onClose={() => setAdding(false)} wide>
          <Form
            send={t.webhooks.add}
            onSend={async ({ url = '', others = '', ...checked }) => {
              const typed = others.split(/[\s,]+/).filter((kind) => kind !== '');
              const wanted = [...new Set([...listed.filter((kind) => kind in checked), ...typed])];
              setSecret((await create.mutateAsync({ body: { url, kinds: wanted } })).secret);
              setAdding(false);
            }}
          >
            <Field label={t.webhooks.url} name="url" type="url" required />
            {groups.map(([group, kinds]) => (
              <fieldset key={group} className="usa-fieldset tw-below">
                <legend className="usa-legend">{t.webhooks.groups[group]}</legend>
                {kinds.map((kind) => (
                  <Check
                    key={kind}
                    label={t.webhooks.kindLabel(t.activity.happened(kind), kind)}
                    name={kind}
                  />
                ))}
              </fieldset>
            ))}
            <Field label={t.webhooks.others} hint={t.webhooks.othersHint} name="others" />
          </Form>
        </Dialog>
      )}
      {secret !== undefined && (
        <Dialog title={t.webhooks.secret} onClose={() => setSecret(undefined)}>
          <p>{t.tokens.once}</p>
          <p className="tw-secret">{secret}</p>
          <Button onClick={() => void navigator.clipboard.writeText(secret)}>{t.form.copy}</Button>
        </Dialog>
      )}
    </>
  );
}
