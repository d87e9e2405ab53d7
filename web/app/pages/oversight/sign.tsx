import { useState, type ReactNode } from 'react';
import type { UseRegistration } from '../../../../src/client/index.ts';
import { useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { Area, Button, Choice, Form } from '../../../kit/form.tsx';
import { useKeys } from '../../../kit/keys.tsx';
import { useMay, useSession } from '../../../kit/me.ts';
import { t } from '../../../text/en.ts';
import { officeNames, officeRoles, type Office } from './offices.ts';

const words = t.oversight.sign;

/** Signs or returns a version for one's office; where that cannot be, it says why. s opens it. */
export function SignButton({ registration }: { readonly registration: UseRegistration }): ReactNode {
  const { person } = useSession();
  const may = useMay();
  const sign = useDo('signUse', ['listRegistrations', 'listUsesToReview', 'getUseInFull', 'getCalendar']);
  const [open, setOpen] = useState(false);
  const { id, author, signOffs } = registration;
  const mine = officeNames.filter((office) => may([officeRoles[office]]));
  const spoken = signOffs.find((one) => one.person === person?.id)?.office;
  const offered = spoken === undefined ? mine : mine.filter((office) => office === spoken);
  const why =
    author === person?.id
      ? words.own
      : mine.length === 0
        ? words.noOffice
        : offered.length === 0 && spoken !== undefined
          ? words.two(t.oversight.offices[spoken])
          : undefined;
  useKeys(why === undefined ? [{ key: 's', does: words.open, run: () => setOpen(true) }] : []);
  if (why !== undefined) return <p className="tw-quiet">{why}</p>;
  return (
    <>
      <Button kind="plain" onClick={() => setOpen(true)}>
        {words.open} <kbd>s</kbd>
      </Button>
      {open && (
        <Dialog title={words.title} onClose={() => setOpen(false)}>
          <Form
            send={words.send}
            onSend={async ({ office = '', verdict = '', reason = '' }) => {
              await sign.mutateAsync({
                params: { id },
                body: { office: office as Office, verdict: verdict as 'signed' | 'returned', reason },
              });
              setOpen(false);
            }}
          >
            <Choice
              label={words.office}
              name="office"
              options={offered.map((office) => [office, t.oversight.offices[office]] as const)}
            />
            <Choice label={words.verdict} name="verdict" options={Object.entries(words.verdicts)} />
            <Area
              label={words.reason}
              hint={words.reasonHint}
              name="reason"
              required
              minLength={3}
              maxLength={4000}
              rows={4}
            />
          </Form>
        </Dialog>
      )}
    </>
  );
}
