import { useState, type ReactNode } from 'react';
import type { Case } from '../../../src/client/index.ts';
import { useApi, useDo } from '../../kit/api.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { dayOf, endOfDay, noonOf, showDay } from '../../kit/format.ts';
import { Area, Button, Choice, Field, Form } from '../../kit/form.tsx';
import { useNames } from '../../kit/me.ts';
import { Section } from '../../kit/page.tsx';
import { Problem } from '../../kit/problem.tsx';
import { Table } from '../../kit/table.tsx';
import { t } from '../../text/en.ts';

const changed = ['getCase', 'listCases', 'listCaseActivity', 'getToday'] as const;
type Role = Case['assignees'][number]['role'];
type Kind = Case['kind'];

export const kindOptions = Object.entries(t.cases.kinds) as [Kind, string][];
const roleOptions = Object.entries(t.cases.roles) as [Role, string][];

/** What identifies a case and when it is due. */
export function EditCase({ one, onClose }: { readonly one: Case; readonly onClose: () => void }): ReactNode {
  const change = useDo('changeCase', changed);
  const { data } = useApi('listColleagues', {});
  const people = (data?.items ?? []).filter(({ id, disabled }) => !disabled || id === one.owner);
  return (
    <Dialog title={t.cases.edit} onClose={onClose}>
      <Form
        send={t.form.save}
        onSend={async ({ title = '', owner = '', due = '', number = '', kind = '', received = '' }) => {
          const isNew = due !== '' && due !== dayOf(one.dueAt);
          await change.mutateAsync({
            params: { id: one.id },
            body: {
              ...{ title, owner, kind: kind as Kind },
              ...(number === one.number ? {} : { number }),
              ...(received === dayOf(one.receivedAt) ? {} : { receivedAt: noonOf(received) }),
              ...(isNew ? { dueAt: endOfDay(due) } : {}),
            },
            ifMatch: `"${one.version}"`,
          });
          onClose();
        }}
      >
        <Field label={t.cases.name} name="title" defaultValue={one.title} required maxLength={300} />
        <Field label={t.cases.number} name="number" defaultValue={one.number} required maxLength={63} />
        <Choice label={t.cases.kind} name="kind" defaultValue={one.kind} options={kindOptions} />
        <Field
          label={t.cases.received}
          name="received"
          type="date"
          required
          defaultValue={dayOf(one.receivedAt)}
        />
        <Choice
          key={people.length}
          label={t.cases.owner}
          name="owner"
          defaultValue={one.owner}
          options={people.map(({ id, name }) => [id, name])}
        />
        <Field
          label={t.cases.due}
          hint={t.cases.earlierHint}
          name="due"
          type="date"
          defaultValue={dayOf(one.dueAt)}
          {...(one.dueAt === null ? {} : { max: dayOf(one.dueAt) })}
        />
      </Form>
    </Dialog>
  );
}

/** Moves the deadline back, with the reason. */
export function ExtendCase({
  one,
  onClose,
}: {
  readonly one: Case;
  readonly onClose: () => void;
}): ReactNode {
  const extend = useDo('extendCase', changed);
  return (
    <Dialog title={t.cases.extend} onClose={onClose}>
      <p>{t.cases.extendLead}</p>
      <Form
        send={t.cases.extend}
        onSend={async ({ due = '', reason = '' }) => {
          await extend.mutateAsync({
            params: { id: one.id },
            body: { dueAt: endOfDay(due), reason },
            ifMatch: `"${one.version}"`,
          });
          onClose();
        }}
      >
        <Field label={t.cases.newDue} name="due" type="date" required min={dayOf(one.dueAt)} />
        <Area
          label={t.cases.extendReason}
          hint={t.cases.extendReasonHint}
          name="reason"
          required
          minLength={3}
          maxLength={1000}
          rows={3}
        />
      </Form>
    </Dialog>
  );
}

/** The extensions that there were, each with its reason. */
export function Extensions({ one }: { readonly one: Case }): ReactNode {
  const nameOf = useNames();
  if (one.extensions.length === 0) return null;
  const shown = (at: string | null): string => (at === null ? t.deadline.none : showDay(at));
  return (
    <Section title={t.cases.extensions}>
      <Table
        caption={t.cases.extensions}
        rows={one.extensions}
        id={({ at }) => at}
        columns={[
          { title: t.cases.due, show: ({ from, to }) => t.cases.extended(shown(from), shown(to)) },
          { title: t.cases.extendReason, show: ({ reason }) => reason },
          { title: t.releases.by, show: ({ by }) => nameOf(by) },
          { title: t.activity.when, show: ({ at }) => showDay(at) },
        ]}
      />
    </Section>
  );
}

/** Who works on a case and as what. */
export function CasePeople({ one, mayWork }: { readonly one: Case; readonly mayWork: boolean }): ReactNode {
  const nameOf = useNames();
  const change = useDo('changeCase', changed);
  const { data } = useApi('listColleagues', {});
  const [adding, setAdding] = useState(false);
  const save = (assignees: Case['assignees']): Promise<unknown> =>
    change.mutateAsync({ params: { id: one.id }, body: { assignees }, ifMatch: `"${one.version}"` });
  return (
    <Section
      title={t.cases.people}
      actions={mayWork && <Button onClick={() => setAdding(true)}>{t.cases.assign}</Button>}
    >
      <Problem error={adding ? undefined : change.error} />
      <ul className="tw-people">
        <li>
          <strong>{nameOf(one.owner)}</strong> <span className="tw-quiet">{t.cases.owner}</span>
        </li>
        {one.assignees.map(({ person, role }, place) => (
          <li key={`${person} ${role}`}>
            <strong>{nameOf(person)}</strong> <span className="tw-quiet">{t.cases.roles[role]}</span>
            {mayWork && (
              <Button
                kind="unstyled"
                aria-label={t.cases.unassignOf(nameOf(person))}
                onClick={() =>
                  void save(one.assignees.filter((_, at) => at !== place)).catch(() => undefined)
                }
              >
                {t.cases.unassign}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {adding && (
        <Dialog title={t.cases.assign} onClose={() => setAdding(false)}>
          <Form
            send={t.cases.assign}
            onSend={async ({ person = '', role = '' }) => {
              const rest = one.assignees.filter((held) => held.person !== person || held.role !== role);
              await save([...rest, { person, role: role as Role }]);
              setAdding(false);
            }}
          >
            <Choice
              label={t.cases.person}
              name="person"
              options={(data?.items ?? [])
                .filter(({ disabled }) => !disabled)
                .map(({ id, name }) => [id, name])}
            />
            <Choice label={t.cases.role} name="role" options={roleOptions} />
          </Form>
        </Dialog>
      )}
    </Section>
  );
}
