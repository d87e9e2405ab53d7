import type { ReactNode } from 'react';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Area, Form } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';

const words = t.watch.incident;

/** Who may see people as the camera saw them; each time they say why. */
export const unmasked = ['investigator', 'supervisor', 'privacy'] as const;

/** Asks why somebody needs to see people. */
export function AskReason({
  onGiven,
  onClose,
}: {
  readonly onGiven: (reason: string) => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Dialog title={words.revealTitle} onClose={onClose}>
      <Form send={words.revealSend} onSend={({ reason = '' }) => onGiven(reason)}>
        <p>{words.revealLead}</p>
        <Area label={words.revealReason} name="reason" required minLength={3} maxLength={1000} rows={2} />
      </Form>
    </Dialog>
  );
}
