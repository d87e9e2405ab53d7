import { useState, type ReactNode } from 'react';
import type { RetentionClass } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { showNumber } from '../../../kit/format.ts';
import { Area, Button, Choice, Field, Form } from '../../../kit/form.tsx';
import { useMay } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { Table, type Column } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

/** How long files are kept: shown to all, changed by administrators. */
export function Retention(): ReactNode {
  const classes = useApi('listRetentionClasses', {});
  const [changing, setChanging] = useState<RetentionClass | 'new'>();
  const mayChange = useMay()(['admin']);
  const change: Column<RetentionClass> = {
    title: t.services.action,
    show: (one) => (
      <Button kind="unstyled" aria-label={t.rules.changeClassOf(one.name)} onClick={() => setChanging(one)}>
        {t.rules.changeClass}
      </Button>
    ),
  };
  return (
    <Section
      title={t.rules.retention}
      actions={mayChange && <Button onClick={() => setChanging('new')}>{t.rules.addClass}</Button>}
    >
      <Waiting query={classes} />
      <Table
        caption={t.rules.retention}
        rows={classes.data?.items ?? []}
        id={({ name }) => name}
        columns={[
          { title: t.rules.retentionClass, show: ({ name }) => name },
          { title: t.rules.meaning, show: ({ description }) => description },
          {
            title: t.rules.days,
            numeric: true,
            show: ({ days }) => (days === null ? t.rules.never : showNumber(days)),
          },
          { title: t.rules.from, show: ({ countsFrom }) => t.rules.froms[countsFrom] ?? countsFrom },
          ...(mayChange ? [change] : []),
        ]}
      />
      {changing !== undefined && (
        <ChangeClass
          {...(changing === 'new' ? {} : { known: changing })}
          onClose={() => setChanging(undefined)}
        />
      )}
    </Section>
  );
}

function ChangeClass({
  known,
  onClose,
}: {
  /** Absent for a new class. */
  readonly known?: RetentionClass;
  readonly onClose: () => void;
}): ReactNode {
  const set = useDo('setRetentionClass', ['listRetentionClasses']);
  return (
    <Dialog
      title={known === undefined ? t.rules.addClass : t.rules.changeClassOf(known.name)}
      onClose={onClose}
    >
      <p>{t.rules.retentionLead}</p>
      <Form
        send={t.form.save}
        onSend={async ({ name = '', days = '', countsFrom = '', description = '', reason = '' }) => {
          await set.mutateAsync({
            params: { name: known?.name ?? name },
            body: {
              days: days === '' ? null : Number(days),
              countsFrom: countsFrom === 'created' ? 'created' : 'case-closed',
              ...{ description, reason },
            },
          });
          onClose();
        }}
      >
        {known === undefined && (
          <Field
            label={t.rules.retentionClass}
            hint={t.sites.idHint}
            name="name"
            required
            pattern="[a-z0-9][a-z0-9\-]{0,62}"
          />
        )}
        <Field
          label={t.rules.days}
          hint={t.rules.daysHint}
          name="days"
          type="number"
          min="0"
          max="36525"
          step="1"
          defaultValue={known?.days ?? ''}
        />
        <Choice
          label={t.rules.from}
          name="countsFrom"
          options={Object.entries(t.rules.froms)}
          defaultValue={known?.countsFrom}
        />
        <Field
          label={t.rules.meaning}
          name="description"
          required
          minLength={3}
          maxLength={300}
          defaultValue={known?.description}
        />
        <Area
          label={t.findings.reason}
          hint={t.rules.retentionReasonHint}
          name="reason"
          required
          minLength={3}
          maxLength={2000}
        />
      </Form>
    </Dialog>
  );
}
