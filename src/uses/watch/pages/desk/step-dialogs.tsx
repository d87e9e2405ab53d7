import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Body } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Area, Choice, Form } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';

const words = t.watch.steps;
const reasons = Object.entries(t.watch.dismissals);
const roles = Object.entries(words.roles);

/** A step as the API takes it. */
export type StepBody = Body<'stepIncident'>;

interface Asked {
  readonly onSend: (body: StepBody) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for what a step needs besides. */
export function StepDialog({
  step,
  onSend,
  onClose,
}: Asked & { readonly step: 'confirm' | 'dismiss' | 'escalate' | 'note' }): ReactNode {
  return (
    <Dialog title={words[step]} onClose={onClose}>
      {step === 'dismiss' && <Dismiss onSend={onSend} />}
      {step === 'escalate' && <Escalate onSend={onSend} />}
      {(step === 'confirm' || step === 'note') && (
        <Form send={words[step]} onSend={({ note = '' }) => onSend({ step, note })}>
          {step === 'confirm' && <p>{words.confirmLead}</p>}
          <NoteArea label={step === 'confirm' ? words.whatYouSee : words.noteWords} required />
        </Form>
      )}
    </Dialog>
  );
}

/** A digit chooses the reason and sends; something else first needs words. */
function Dismiss({ onSend }: Pick<Asked, 'onSend'>): ReactNode {
  const [chosen, setChosen] = useState('');
  const form = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent): void => {
    const [reason] = reasons[Number(event.key) - 1] ?? [];
    if (reason === undefined || event.target instanceof HTMLTextAreaElement) return;
    event.preventDefault();
    const radio = form.current?.querySelector<HTMLInputElement>(`input[value="${reason}"]`);
    radio?.click();
    if (reason === 'other') form.current?.querySelector('textarea')?.focus();
    else radio?.form?.requestSubmit();
  };
  return (
    <div ref={form} onKeyDown={press}>
      <Form
        send={words.dismiss}
        onSend={({ reason = '', note = '' }) =>
          onSend({
            step: 'dismiss',
            // One of the radio buttons below: the form knows of texts only.
            reason: reason as keyof typeof t.watch.dismissals,
            ...(note.trim() === '' ? {} : { note }),
          })
        }
      >
        <p>{words.dismissLead}</p>
        <fieldset className="usa-fieldset">
          <legend className="usa-legend">{words.reason}</legend>
          {reasons.map(([reason, name], index) => (
            <div key={reason} className="usa-radio">
              <input
                className="usa-radio__input"
                type="radio"
                name="reason"
                id={`dismiss-${reason}`}
                value={reason}
                required
                onChange={() => setChosen(reason)}
              />
              <label className="usa-radio__label" htmlFor={`dismiss-${reason}`}>
                <kbd>{index + 1}</kbd> {name}
              </label>
            </div>
          ))}
        </fieldset>
        <NoteArea
          label={chosen === 'other' ? words.noteWords : words.optionalNote}
          required={chosen === 'other'}
        />
      </Form>
    </div>
  );
}

function Escalate({ onSend }: Pick<Asked, 'onSend'>): ReactNode {
  return (
    <Form
      send={words.escalate}
      onSend={({ role = '', note = '' }) =>
        onSend({ step: 'escalate', role: role as keyof typeof words.roles, note })
      }
    >
      <p>{words.escalateLead}</p>
      <Choice label={words.to} name="role" options={roles} defaultValue="supervisor" />
      <NoteArea label={words.whatYouSee} required />
    </Form>
  );
}

function NoteArea({ label, required }: { readonly label: string; readonly required: boolean }): ReactNode {
  return (
    <Area
      label={label}
      name="note"
      required={required}
      minLength={3}
      maxLength={4000}
      rows={3}
      onKeyDown={({ key, ctrlKey, currentTarget }) => {
        if (key === 'Enter' && ctrlKey) currentTarget.form?.requestSubmit();
      }}
    />
  );
}
