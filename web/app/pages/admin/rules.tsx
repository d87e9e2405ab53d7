import type { ReactNode } from 'react';
import { useApi, useDo } from '../../../kit/api.ts';
import { showDay, showNumber } from '../../../kit/format.ts';
import { Button, Field, Form } from '../../../kit/form.tsx';
import { useMay, useNames } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { uses } from '../../uses.ts';
import { Retention } from './retention.tsx';

/** What the work goes by: profiles, reasons, retention, and the baselines of hours returned. */
export function RulesPart(): ReactNode {
  const profiles = useApi('listProfiles', {});
  const tables = useApi('listReasonTables', {});
  return (
    <>
      <Section title={t.rules.baselines}>
        <p className="tw-quiet">{t.rules.baselinesLead}</p>
        {uses.map(({ use, title }) => (
          <Baseline key={use} use={use} title={title} />
        ))}
      </Section>
      <Section title={t.rules.profiles}>
        <Waiting query={profiles} />
        <Table
          caption={t.rules.profiles}
          rows={profiles.data?.items ?? []}
          id={({ name }) => name}
          columns={[
            { title: t.redaction.profile, show: ({ name }) => nameOfProfile(name) },
            { title: t.rules.summary, show: ({ summary }) => summary },
            { title: t.rules.covers, show: ({ classes }) => classes.join(', ') },
            { title: t.rules.text, show: ({ text }) => t.rules.texts[text] },
            { title: t.rules.audio, show: ({ audio }) => t.rules.audios[audio] },
            {
              title: t.rules.second,
              show: ({ secondPerson }) => (secondPerson ? t.rules.required : t.rules.notRequired),
            },
          ]}
        />
      </Section>
      {tables.data?.items.map(({ id, title, reasons }) => (
        <Section key={id} title={`${t.redaction.reasons}: ${title}`}>
          <Table
            caption={title}
            rows={reasons}
            id={({ code }) => code}
            columns={[
              { title: t.rules.code, show: ({ code }) => code },
              { title: t.rules.basis, show: ({ basis }) => <span className="tw-whole">{basis}</span> },
              { title: t.rules.meaning, show: ({ text }) => text },
            ]}
          />
        </Section>
      ))}
      <Retention />
    </>
  );
}

function nameOfProfile(name: string): string {
  const known: Readonly<Record<string, string>> = t.redaction.profiles;
  return known[name] ?? name;
}

/** What one item of a use took by hand: shown to all, set by administrators. */
function Baseline({ use, title }: { readonly use: string; readonly title: string }): ReactNode {
  const baselines = useApi('listBaselines', {});
  const set = useDo('setBaseline', ['listBaselines', 'getToday']);
  const remove = useDo('removeBaseline', ['listBaselines', 'getToday']);
  const nameOf = useNames();
  const may = useMay();
  const known = baselines.data?.items.find((one) => one.use === use);
  return (
    <div className="tw-panel">
      <h3>{title}</h3>
      {known === undefined ? (
        <p className="tw-quiet">{t.today.noBaseline}</p>
      ) : (
        <p>
          <strong>{`${showNumber(known.minutes)} ${t.units.minute}`}</strong>, {known.source}{' '}
          <span className="tw-quiet">
            {nameOf(known.setBy)}, {showDay(known.setAt)}
          </span>
        </p>
      )}
      <Problem error={remove.error} />
      {may(['admin']) && baselines.data !== undefined && (
        <Form
          key={known?.setAt ?? ''}
          className="tw-form--row"
          send={t.rules.set}
          onSend={({ minutes = '', source = '' }) =>
            set.mutateAsync({ params: { use }, body: { minutes: Number(minutes), source } })
          }
          extra={
            known !== undefined && (
              <Button kind="unstyled" onClick={() => remove.mutate({ params: { use } })}>
                {t.rules.remove}
              </Button>
            )
          }
        >
          <Field
            label={t.rules.minutes}
            name="minutes"
            type="number"
            min="0.1"
            step="0.1"
            required
            defaultValue={known?.minutes}
          />
          <Field
            label={t.rules.measuredBy}
            hint={t.rules.measuredByHint}
            name="source"
            required
            minLength={3}
            maxLength={1000}
            defaultValue={known?.source}
          />
        </Form>
      )}
    </div>
  );
}
