import { useEffect, useState, type ReactNode } from 'react';
import { api, type Answer } from '../../kit/api.ts';
import { Button, Field, Form } from '../../kit/form.tsx';
import { Problem } from '../../kit/problem.tsx';
import { QrCode } from '../../kit/qr-code.tsx';
import { t } from '../../text/en.ts';
import { Shell } from './shell.tsx';
import { SignOut } from './sign-in.tsx';

type Next = (session: Answer<'getSession'>) => void;

/** Ties an authenticator app to the account, and hands out recovery codes. */
export function Enrol({ onNext }: { readonly onNext: Next }): ReactNode {
  const [begun, setBegun] = useState<Answer<'startEnrolment'>>();
  const [failed, setFailed] = useState<unknown>();
  const [confirmed, setConfirmed] = useState<Answer<'confirmEnrolment'>>();
  useEffect(() => {
    // Each start makes a new secret: only that of the step that is shown counts.
    let over = false;
    const begin = async (): Promise<void> => {
      const { body } = await api.call('startEnrolment', {});
      if (!over) setBegun(body);
    };
    begin().catch(setFailed);
    return () => {
      over = true;
    };
  }, []);
  if (confirmed !== undefined)
    return <RecoveryCodes codes={confirmed.recoveryCodes} onSaved={() => onNext(confirmed.session)} />;
  return (
    <Shell title={t.enrol.title} lead={t.enrol.lead}>
      <Problem error={failed} />
      {begun !== undefined && (
        <div className="tw-enrol">
          <QrCode text={begun.uri} label={t.enrol.qr} />
          <div>
            <p>{t.enrol.orType}</p>
            <p className="tw-secret">{begun.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</p>
          </div>
        </div>
      )}
      <Form
        send={t.enrol.send}
        onSend={async ({ code = '' }) =>
          setConfirmed((await api.call('confirmEnrolment', { body: { code } })).body)
        }
      >
        <Field
          label={t.secondFactor.code}
          hint={t.enrol.codeHint}
          name="code"
          required
          inputMode="numeric"
          autoComplete="one-time-code"
        />
      </Form>
      <SignOut onNext={onNext} />
    </Shell>
  );
}

function RecoveryCodes({
  codes,
  onSaved,
}: {
  readonly codes: readonly string[];
  readonly onSaved: () => void;
}): ReactNode {
  const [copied, setCopied] = useState(false);
  return (
    <Shell title={t.recovery.title} lead={t.recovery.lead}>
      <ol className="tw-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="tw-row">
        <Button
          onClick={async () => {
            await navigator.clipboard.writeText(codes.join('\n'));
            setCopied(true);
          }}
        >
          {copied ? t.form.copied : t.form.copy}
        </Button>
        <Button onClick={() => window.print()}>{t.form.print}</Button>
        <Button kind="plain" onClick={onSaved}>
          {t.recovery.saved}
        </Button>
      </div>
    </Shell>
  );
}
