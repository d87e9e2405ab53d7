import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf, type Answer } from '../../../kit/api.ts';
import { Button, Field, Form } from '../../../kit/form.tsx';
import { useSession } from '../../../kit/me.ts';
import { Section } from '../../../kit/page.tsx';
import { QrCode } from '../../../kit/qr-code.tsx';
import { Problem } from '../../../kit/problem.tsx';
import { t } from '../../../text/en.ts';
import { Prove } from './prove.tsx';

/** One's own authenticator app: another takes its place once the one there is has confirmed it. */
export function OwnApp(): ReactNode {
  const { factors = [] } = useSession();
  const queries = useQueryClient();
  const [begun, setBegun] = useState<Answer<'startEnrolment'>>();
  const [failed, setFailed] = useState<unknown>();
  const [proving, setProving] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>();
  const has = factors.includes('app');
  const begin = async (): Promise<void> => {
    setFailed(undefined);
    setCodes(undefined);
    try {
      setBegun((await api.call('startEnrolment', {})).body);
    } catch (error) {
      setFailed(error);
    }
  };
  const confirm = async (code: string, current: string): Promise<void> => {
    const body = current === '' ? { code } : { code, current };
    const { recoveryCodes } = (await api.call('confirmEnrolment', { body })).body;
    setBegun(undefined);
    setCodes(recoveryCodes);
    for (const id of ['getSession', 'listSessions'] as const)
      await queries.invalidateQueries({ queryKey: keyOf(id) });
  };
  return (
    <Section title={t.account.app}>
      <p>{has ? t.account.hasApp : t.account.noApp}</p>
      <Problem error={failed} />
      {begun === undefined && (
        <div className="tw-row">
          <Button onClick={begin}>{has ? t.account.newApp : t.account.firstApp}</Button>
          <Button kind="unstyled" onClick={() => setProving(true)}>
            {t.account.prove}
          </Button>
        </div>
      )}
      {begun !== undefined && (
        <>
          <p>{t.enrol.lead}</p>
          <div className="tw-enrol">
            <QrCode text={begun.uri} label={t.enrol.qr} />
            <div>
              <p>{t.enrol.orType}</p>
              <p className="tw-secret">{begun.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</p>
            </div>
          </div>
          <Form
            send={t.enrol.send}
            onSend={({ code = '', current = '' }) => confirm(code, current)}
            extra={
              <Button kind="unstyled" onClick={() => setBegun(undefined)}>
                {t.account.keepApp}
              </Button>
            }
          >
            <Field
              label={t.account.newCode}
              hint={t.enrol.codeHint}
              name="code"
              required
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
            />
            {has && (
              <Field
                label={t.account.oldCode}
                hint={t.account.oldCodeHint}
                name="current"
                required
                autoComplete="off"
              />
            )}
          </Form>
        </>
      )}
      {codes !== undefined && (
        <div role="status">
          <p>{t.account.replaced}</p>
          <p>{t.recovery.lead}</p>
          <ol className="tw-codes">
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
        </div>
      )}
      {proving && <Prove onClose={() => setProving(false)} />}
    </Section>
  );
}
