import type { ReactNode } from 'react';
import { api } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { Field, Form } from '../../../kit/form.tsx';
import { t } from '../../../text/en.ts';

/** Asks for the password again, as what outlasts the session wants it. */
export function Prove({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title={t.account.prove} onClose={onClose}>
      <Form
        send={t.locked.send}
        onSend={async ({ password = '' }) => {
          await api.call('unlockSession', { body: { password } });
          onClose();
        }}
      >
        <Field
          label={t.signIn.password}
          name="password"
          type="password"
          required
          autoComplete="current-password"
        />
      </Form>
    </Dialog>
  );
}
