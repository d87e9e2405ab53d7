import { useState, type ReactNode } from 'react';
import type { Operations } from '../../../../src/client/index.ts';
import { useDo } from '../../../kit/api.ts';
import { endOfDay } from '../../../kit/format.ts';
import { Field, Form } from '../../../kit/form.tsx';
import { Section } from '../../../kit/page.tsx';
import { t } from '../../../text/en.ts';
import { UseField } from './figures.tsx';

const words = t.oversight.labs;

/** Takes in what a lab signed: the commitment of a set, or a report, told apart by what the file says of itself. */
export function LabFile(): ReactNode {
  const register = useDo('registerAcceptanceSet', ['listAcceptanceSets']);
  const take = useDo('takeAcceptanceReport', [
    'listAcceptanceSubmissions',
    'listRegistrations',
    'getUseInFull',
  ]);
  const [file, setFile] = useState<File>();
  const [taken, setTaken] = useState('');
  return (
    <Section title={words.takeIn}>
      <Form
        send={words.takeIn}
        onSend={async () => {
          setTaken('');
          // The server judges what is in it, signature first.
          const said = parsed((await file?.text()) ?? '');
          if (said?.claims?.format === 'tidewaiter-acceptance-set-1') {
            await register.mutateAsync({ body: said as Operations['registerAcceptanceSet']['body'] });
            setTaken(words.registered);
            return;
          }
          const body = (said ?? {}) as Operations['takeAcceptanceReport']['body'];
          const { suspension } = await take.mutateAsync({ body });
          setTaken(suspension === undefined ? words.taken : words.takenAndStopped);
        }}
      >
        <Field
          label={words.file}
          hint={words.fileHint}
          type="file"
          accept="application/json"
          required
          onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
        />
      </Form>
      {taken !== '' && <p role="status">{taken}</p>}
    </Section>
  );
}

function parsed(text: string): { readonly claims?: { readonly format?: unknown } } | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the scores of a use in a span of time as those against which drift is measured. */
export function DriftBaseline(): ReactNode {
  const set = useDo('setDriftBaseline', ['listDriftChecks']);
  return (
    <Section title={words.baseline}>
      <p>{words.baselineLead}</p>
      <Form
        send={words.baseline}
        onSend={({ use = '', from = '', to = '' }) =>
          set.mutateAsync({
            params: { name: use },
            body: {
              from: new Date(`${from}T00:00:00`).toISOString(),
              to: endOfDay(to),
            },
          })
        }
      >
        <UseField />
        <Field label={words.from} name="from" type="date" required />
        <Field label={words.to} name="to" type="date" required />
      </Form>
      {set.data !== undefined && <p role="status">{words.baselineSet(set.data.scores)}</p>}
    </Section>
  );
}
