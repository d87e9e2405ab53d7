import { useState, type ReactNode } from 'react';
import type { RedressRequest } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { showDay } from '../../../kit/format.ts';
import { Area, Button, Choice, Form } from '../../../kit/form.tsx';
import { useMay, type Role } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

const words = t.oversight.redress;

/** Who is shown the rules of the clocks. */
const receivers: readonly Role[] = ['supervisor', 'privacy', 'civil-rights'];

/** Corrections and appeals: overdue ones first, then by the day they are due. */
export function RedressPart(): ReactNode {
  const requests = useApi('listRedress', {});
  const may = useMay();
  const rank = ({ open, overdue }: RedressRequest): number => (open === null ? 2 : overdue ? 0 : 1);
  const items = [...(requests.data?.items ?? [])].sort(
    (a, b) => rank(a) - rank(b) || (a.dueAt < b.dueAt ? -1 : 1),
  );
  return (
    <>
      <Waiting query={requests} empty={items.length === 0 && <p>{words.none}</p>} />
      {items.length > 0 && (
        <Table
          caption={t.oversight.parts['redress']?.[0] ?? ''}
          rows={items}
          id={({ id }) => id}
          columns={[
            { title: words.reference, show: ({ caseReference }) => caseReference },
            { title: words.kind, show: ({ kind }) => words.kinds[kind] },
            {
              title: words.due,
              show: ({ open, overdue, dueAt }) => (
                <span className={`tw-deadline ${open !== null && overdue ? 'tw-deadline--over' : ''}`}>
                  {open !== null && overdue ? words.overdue(showDay(dueAt)) : showDay(dueAt)}
                </span>
              ),
            },
            {
              title: words.state,
              show: ({ open, decision }) => (
                <>
                  {open === null ? words.done : words.states[open]}
                  {decision !== null && (
                    <span className="tw-quiet tw-block">
                      {words.outcomes[decision.outcome]}: {decision.reason}
                    </span>
                  )}
                </>
              ),
            },
            { title: words.rule, show: ({ rule }) => rule },
            ...(may(receivers)
              ? [
                  {
                    title: t.oversight.stops.actions,
                    show: (one: RedressRequest) => <Actions request={one} />,
                  },
                ]
              : []),
          ]}
        />
      )}
      {may(receivers) && <Clocks />}
    </>
  );
}

function Actions({ request }: { readonly request: RedressRequest }): ReactNode {
  const { id, site, caseReference, open, extension, recipients } = request;
  const may = useMay();
  const decide = useDo('decideRedress', ['listRedress']);
  const extend = useDo('extendRedress', ['listRedress', 'getCalendar']);
  const notify = useDo('notifyRedress', ['listRedress', 'getCalendar']);
  const tell = useDo('tellRedressRecipient', ['listRedress']);
  const [doing, setDoing] = useState<'decide' | 'extend'>();
  if (open === null || !may(['supervisor', 'privacy', 'civil-rights'], site)) return null;
  return (
    <div className="tw-row">
      {open === 'decide' && (
        <Button kind="unstyled" aria-label={words.decideOf(caseReference)} onClick={() => setDoing('decide')}>
          {words.decide}
        </Button>
      )}
      {open === 'decide' && extension === null && (
        <Button kind="unstyled" aria-label={words.extendOf(caseReference)} onClick={() => setDoing('extend')}>
          {words.extend}
        </Button>
      )}
      {open === 'notify' && (
        <Button kind="unstyled" onClick={() => notify.mutate({ params: { id } })}>
          {words.notify}
        </Button>
      )}
      {open === 'tell' &&
        recipients
          .filter(({ toldAt }) => toldAt === null)
          .map((one) => (
            <Button
              key={one.id}
              kind="unstyled"
              onClick={() => tell.mutate({ params: { id, recipient: one.id } })}
            >
              {one.recipient}: {words.told}
            </Button>
          ))}
      <Problem error={notify.error ?? tell.error} />
      {doing !== undefined && (
        <Dialog title={words[doing]} onClose={() => setDoing(undefined)}>
          <Form
            send={words[doing]}
            onSend={async ({ outcome = '', reason = '' }) => {
              if (doing === 'extend') await extend.mutateAsync({ params: { id }, body: { reason } });
              else
                await decide.mutateAsync({
                  params: { id },
                  body: { outcome: outcome as keyof typeof words.outcomes, reason },
                });
              setDoing(undefined);
            }}
          >
            {doing === 'decide' && (
              <Choice label={words.outcome} name="outcome" options={Object.entries(words.outcomes)} />
            )}
            <Area
              label={t.oversight.sign.reason}
              name="reason"
              required
              minLength={3}
              maxLength={4000}
              rows={4}
            />
          </Form>
        </Dialog>
      )}
    </div>
  );
}

function Clocks(): ReactNode {
  const clocks = useApi('listRedressClocks', {});
  return (
    <Section title={words.clocks}>
      <Waiting query={clocks} />
      {clocks.data !== undefined && (
        <Table
          caption={words.clocks}
          rows={clocks.data.items}
          id={({ kind, version }) => `${kind} ${version}`}
          columns={[
            { title: words.kind, show: ({ kind }) => words.kinds[kind] },
            { title: words.rule, show: ({ version }) => version },
            {
              title: words.working,
              show: ({ workingDays, extensionDays }) => `${workingDays} + ${extensionDays}`,
            },
            { title: words.source, show: ({ source }) => source },
          ]}
        />
      )}
    </Section>
  );
}
