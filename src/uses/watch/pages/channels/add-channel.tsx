import { useState, type ReactNode } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Button, Choice, Field, Form } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';
import { ChoiceFields, choiceOf } from './choice.tsx';
import { DestinationFields, destinationOf, type Kind } from './destination.tsx';

const words = t.watch.channels;
const kinds = Object.entries(words.kinds) as readonly (readonly [Kind, string])[];

/** Adds a channel; the secret of a webhook is shown before the dialog closes, and never again. */
export function AddChannel({
  site,
  onClose,
}: {
  readonly site: string;
  readonly onClose: () => void;
}): ReactNode {
  const [kind, setKind] = useState<Kind>('webhook');
  const [secret, setSecret] = useState<string>();
  const add = useDo('addChannel', ['listChannels']);
  if (secret !== undefined)
    return (
      <Dialog title={words.secretTitle} onClose={onClose}>
        <p>{words.secretLead}</p>
        <p className="tw-secret">{secret}</p>
        <Button kind="plain" onClick={onClose}>
          {t.form.close}
        </Button>
      </Dialog>
    );
  return (
    <Dialog title={words.add} onClose={onClose} wide>
      <Form
        className="ww-wide"
        send={words.add}
        onSend={async (values) => {
          const { name = '' } = values;
          const body = { name, destination: destinationOf(kind, values), choice: choiceOf(values) };
          const made = await add.mutateAsync({ params: { site }, body });
          if (made.secret === undefined) onClose();
          else setSecret(made.secret);
        }}
      >
        <div className="ww-pair">
          <Field label={words.name} name="name" required maxLength={100} />
          <Choice
            label={words.kind}
            value={kind}
            onChange={({ currentTarget: { value } }) =>
              setKind(kinds.find(([one]) => one === value)?.[0] ?? 'webhook')
            }
            options={kinds}
          />
        </div>
        <DestinationFields key={kind} kind={kind} />
        <ChoiceFields />
      </Form>
    </Dialog>
  );
}
