import { useState, type ReactNode } from 'react';
import { api, type Answer } from '../../kit/api.ts';
import { Field, Form } from '../../kit/form.tsx';
import { t } from '../../text/en.ts';
import { PasskeyButton } from './passkey-button.tsx';
import { Shell } from './shell.tsx';

type Next = (session: Answer<'getSession'>) => void;

/** Login and password, or the agency's provider. */
export function SignIn({
  ways = [],
  onNext,
}: {
  readonly ways?: Answer<'getSession'>['ways'];
  readonly onNext: Next;
}): ReactNode {
  const [haveCode, setHaveCode] = useState(false);
  if (haveCode) return <NewPassword onNext={onNext} onBack={() => setHaveCode(false)} />;
  return (
    <Shell title={t.signIn.title}>
      <Form
        send={t.signIn.send}
        onSend={async ({ login = '', password = '' }) =>
          onNext((await api.call('signIn', { body: { login, password } })).body)
        }
        extra={
          ways.includes('provider') && (
            <a className="usa-button usa-button--outline" href="/api/v1/session/oidc">
              {t.signIn.provider}
            </a>
          )
        }
      >
        <Field label={t.signIn.login} name="login" autoComplete="username" required autoCapitalize="none" />
        <Field
          label={t.signIn.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
      </Form>
      {ways.includes('passkey') && <PasskeyButton onNext={onNext} />}
      <button
        type="button"
        className="usa-button usa-button--unstyled tw-below"
        onClick={() => setHaveCode(true)}
      >
        {t.signIn.haveCode}
      </button>
    </Shell>
  );
}

/** The code that an administrator gave makes room for a password that only its owner knows. */
function NewPassword({ onNext, onBack }: { readonly onNext: Next; readonly onBack: () => void }): ReactNode {
  return (
    <Shell title={t.newPassword.title} lead={t.newPassword.lead}>
      <Form
        send={t.newPassword.title}
        onSend={async ({ login = '', code = '', password = '' }) =>
          onNext((await api.call('chooseNewPassword', { body: { login, code, password } })).body)
        }
        extra={
          <button type="button" className="usa-button usa-button--unstyled" onClick={onBack}>
            {t.newPassword.back}
          </button>
        }
      >
        <Field label={t.signIn.login} name="login" autoComplete="username" required autoCapitalize="none" />
        <Field
          label={t.newPassword.code}
          hint={t.newPassword.codeHint}
          name="code"
          required
          autoComplete="off"
          spellCheck={false}
        />
        <Field
          label={t.account.next}
          hint={t.firstRun.passwordHint}
          name="password"
          type="password"
          autoComplete="new-password"
          required
        />
      </Form>
    </Shell>
  );
}

/** The one-time code of the server makes its bearer the first administrator, who goes on without signing in once more. */
export function FirstRun({ onNext }: { readonly onNext: Next }): ReactNode {
  return (
    <Shell title={t.firstRun.title} lead={t.firstRun.lead}>
      <Form
        send={t.firstRun.send}
        onSend={async ({ code = '', login = '', name = '', password = '' }) => {
          await api.call('claimFirstRun', { body: { code, login, name, password } });
          onNext((await api.call('signIn', { body: { login, password } })).body);
        }}
      >
        <Field
          label={t.firstRun.code}
          hint={t.firstRun.codeHint}
          name="code"
          required
          autoComplete="off"
          spellCheck={false}
        />
        <Field label={t.firstRun.name} name="name" autoComplete="name" required />
        <Field
          label={t.signIn.login}
          hint={t.firstRun.loginHint}
          name="login"
          autoComplete="username"
          required
          autoCapitalize="none"
        />
        <Field
          label={t.signIn.password}
          hint={t.firstRun.passwordHint}
          name="password"
          type="password"
          autoComplete="new-password"
          required
        />
      </Form>
    </Shell>
  );
}

/** A code of the authenticator app, a recovery code, or a passkey. */
export function SecondFactor({
  session: { factors = [] },
  onNext,
}: {
  readonly session: Answer<'getSession'>;
  readonly onNext: Next;
}): ReactNode {
  const [recovery, setRecovery] = useState(false);
  return (
    <Shell title={t.secondFactor.title} lead={recovery ? t.secondFactor.recoveryLead : t.secondFactor.lead}>
      <Form
        key={String(recovery)}
        send={t.signIn.send}
        onSend={async ({ code = '' }) =>
          onNext((await api.call('proveSecondFactor', { body: { code } })).body)
        }
        extra={
          <button
            type="button"
            className="usa-button usa-button--unstyled"
            onClick={() => setRecovery(!recovery)}
          >
            {recovery ? t.secondFactor.useApp : t.secondFactor.useRecovery}
          </button>
        }
      >
        <Field
          label={recovery ? t.secondFactor.recoveryCode : t.secondFactor.code}
          name="code"
          required
          autoComplete="one-time-code"
          {...(recovery ? {} : { inputMode: 'numeric' as const })}
        />
      </Form>
      {factors.includes('passkey') && <PasskeyButton onNext={onNext} />}
      <SignOut onNext={onNext} />
    </Shell>
  );
}

/** Asks for the password again after a pause; afterwards the page that was open is there again. */
export function Locked({
  session,
  onNext,
}: {
  readonly session: Answer<'getSession'>;
  readonly onNext: Next;
}): ReactNode {
  return (
    <Shell title={t.locked.title} lead={t.locked.lead(session.person?.name ?? '')}>
      <Form
        send={t.locked.send}
        onSend={async ({ password = '' }) =>
          onNext((await api.call('unlockSession', { body: { password } })).body)
        }
      >
        <input type="hidden" name="login" autoComplete="username" value={session.person?.login ?? ''} />
        <Field
          label={t.signIn.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
      </Form>
      <SignOut onNext={onNext} />
    </Shell>
  );
}

/** The terms of use, before anything else. */
export function Banner({
  session,
  onNext,
}: {
  readonly session: Answer<'getSession'>;
  readonly onNext: Next;
}): ReactNode {
  return (
    <Shell title={t.banner.title}>
      <p className="tw-banner">{session.banner}</p>
      <Form send={t.banner.accept} onSend={async () => onNext((await api.call('acceptBanner', {})).body)} />
      <SignOut onNext={onNext} />
    </Shell>
  );
}

export function SignOut({ onNext }: { readonly onNext: Next }): ReactNode {
  return (
    <button
      type="button"
      className="usa-button usa-button--unstyled tw-below"
      onClick={async () => {
        await api.call('signOut', {});
        onNext({ state: 'none' });
      }}
    >
      {t.frame.signOut}
    </button>
  );
}
