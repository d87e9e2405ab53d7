import { useState, type ReactNode } from 'react';
import type { Suspension } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { showMomentAt } from '../../../kit/format.ts';
import { Area, Button, Form } from '../../../kit/form.tsx';
import { useKeys } from '../../../kit/keys.tsx';
import { useMay, useNames, useSession } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table, type Column } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { titleOf, uses } from '../../uses.ts';
import { textIn, UseField } from './figures.tsx';
import { IncidentsSection } from './incidents.tsx';

const words = t.oversight.stops;

/** What is stopped, and the button that stops a use at once; S opens it. */
export function StopsPart(): ReactNode {
  const suspensions = useApi('listSuspensions', {}, { everyMs: 15_000 });
  const suspend = useDo('suspendUse', ['listSuspensions', 'listRegistrations']);
  const [stopping, setStopping] = useState(false);
  const nameOf = useNames();
  useKeys([{ key: 'S', does: words.stop, run: () => setStopping(true) }]);
  const items = suspensions.data?.items ?? [];
  const standing = items.filter(({ liftedAt }) => liftedAt === null);
  const past = items.filter(({ liftedAt }) => liftedAt !== null);
  const shown: Column<Suspension>[] = [
    { title: t.oversight.use, show: ({ use }) => titleOf(use), by: ({ use }) => use },
    { title: words.when, show: ({ at }) => showMomentAt(at), by: ({ at }) => at },
    { title: words.by, show: ({ by }) => (by === 'system' ? words.system : nameOf(by)) },
    { title: words.cause, show: ({ cause }) => words.causes[cause] },
    { title: words.reason, show: ({ reason }) => reason },
    {
      title: words.told,
      show: ({ told }) => (
        <details>
          <summary>{words.people(told.length)}</summary>
          {told.map(nameOf).join(', ')}
        </details>
      ),
    },
  ];
  return (
    <>
      <Section
        title={words.standing}
        actions={
          <Button kind="secondary" onClick={() => setStopping(true)}>
            {words.stop} <kbd>S</kbd>
          </Button>
        }
      >
        {suspend.data !== undefined && <p role="status">{words.stopped(suspend.data.told.length)}</p>}
        <Waiting query={suspensions} empty={standing.length === 0 && <p>{words.nothing}</p>} />
        {standing.length > 0 && (
          <Table
            caption={words.standing}
            rows={standing}
            id={({ id }) => id}
            columns={[...shown, { title: words.lift, show: (one) => <Lift suspension={one} /> }]}
          />
        )}
      </Section>
      {past.length > 0 && (
        <Section title={words.past}>
          <Table
            caption={words.past}
            rows={past}
            id={({ id }) => id}
            columns={[
              ...shown,
              {
                title: words.lift,
                show: ({ liftedAt, liftedBy, liftReason }) =>
                  `${nameOf(liftedBy ?? '')}, ${showMomentAt(liftedAt ?? '')}: ${textIn(liftReason)}`,
              },
            ]}
          />
        </Section>
      )}
      <IncidentsSection />
      {stopping && (
        <Dialog title={words.stopTitle} onClose={() => setStopping(false)}>
          <p>{words.what}</p>
          <Form
            send={words.confirm}
            onSend={async ({ use = '', reason = '' }) => {
              await suspend.mutateAsync({ params: { name: use }, body: { reason } });
              setStopping(false);
            }}
          >
            <UseField besides={uses.map(({ use }) => use)} />
            <Area label={words.reason} name="reason" required minLength={3} maxLength={4000} rows={3} />
          </Form>
        </Dialog>
      )}
    </>
  );
}

/** Somebody else of AI governance ends what somebody began. */
function Lift({ suspension: { id, use, by } }: { readonly suspension: Suspension }): ReactNode {
  const lift = useDo('liftSuspension', ['listSuspensions', 'listRegistrations']);
  const [open, setOpen] = useState(false);
  const may = useMay();
  const { person } = useSession();
  if (by === person?.id) return <span className="tw-quiet">{words.own}</span>;
  if (!may(['ai-governance'])) return <span className="tw-quiet">{words.liftRole}</span>;
  return (
    <>
      <Button kind="unstyled" aria-label={words.liftOf(titleOf(use))} onClick={() => setOpen(true)}>
        {words.lift}
      </Button>
      {open && (
        <Dialog title={words.liftTitle} onClose={() => setOpen(false)}>
          <Form
            send={words.lift}
            onSend={({ reason = '' }) => lift.mutateAsync({ params: { id }, body: { reason } })}
          >
            <Area label={words.reason} name="reason" required minLength={3} maxLength={4000} rows={3} />
          </Form>
        </Dialog>
      )}
    </>
  );
}
