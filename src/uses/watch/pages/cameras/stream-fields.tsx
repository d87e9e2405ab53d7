import { useState, type ReactNode } from 'react';
import type { Body } from '../../../../../web/kit/api.ts';
import { Choice, Field, type Values } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';
import type { Camera } from '../site.ts';
import { LoginFields, type Login } from './login-fields.tsx';

const words = t.watch.cameras;
const transports = Object.entries(words.transports);
type NewCamera = Body<'addCamera'>;

/** What is filled in already: of a camera that was found, or that is changed. */
export interface Filled {
  readonly name?: string;
  readonly source?: Camera['source'];
  readonly detect?: Camera['detect'];
  readonly login?: Login;
}

/** Where a camera's streams are and what opens them, as fields of a form. @param stored whether a user and password are kept. */
export function StreamFields({
  filled,
  stored,
}: {
  readonly filled: Filled;
  readonly stored: boolean;
}): ReactNode {
  const [login, setLogin] = useState(stored ? 'keep' : 'new');
  const address = {
    type: 'text',
    inputMode: 'url',
    maxLength: 2000,
    pattern: String.raw`\s*(rtsps?|https?)://.+`,
  } as const;
  return (
    <>
      <Field
        label={words.address}
        hint={words.addressHint}
        name="source"
        {...address}
        required
        defaultValue={filled.source?.url}
      />
      <div className="ww-pair">
        <Field
          label={words.detect}
          hint={words.detectHint}
          name="detect"
          {...address}
          defaultValue={filled.detect?.url}
        />
        <Choice
          label={words.transport}
          name="transport"
          defaultValue={filled.source?.transport ?? 'tcp'}
          options={transports}
        />
      </div>
      {stored && (
        <Choice
          label={words.login}
          name="login"
          value={login}
          onChange={({ currentTarget: { value } }) => setLogin(value)}
          options={Object.entries(words.logins)}
        />
      )}
      {login === 'new' && (
        <>
          <LoginFields filled={filled.login} />
          <p className="tw-quiet">{words.secretHint}</p>
        </>
      )}
    </>
  );
}

/** What was written in {@link StreamFields}; `credentials` is absent when those that are stored stay. */
export function streamsOf(values: Values): Pick<NewCamera, 'source' | 'detect' | 'credentials'> {
  const { source = '', detect = '', transport, login = 'new', user = '', password = '' } = values;
  const first = apart(source);
  const second = detect.trim() === '' ? undefined : apart(detect);
  // An address is often pasted with its user and password: they belong into the secret store.
  const given = user === '' ? (first.login ?? second?.login) : { user, password };
  const over = (url: string): NewCamera['source'] =>
    /^rtsp/i.test(url) && transport === 'udp' ? { url, transport } : { url };
  return {
    source: over(first.url),
    detect: second === undefined ? null : over(second.url),
    ...(login === 'keep' && given === undefined
      ? {}
      : { credentials: login === 'none' ? null : (given ?? null) }),
  };
}

/** An address without what opens it, and that. */
function apart(text: string): { readonly url: string; readonly login?: Login } {
  const url = URL.parse(text.trim());
  if (url === null || url.username === '') return { url: text.trim() };
  const login = { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  url.username = '';
  url.password = '';
  return { url: url.href, login };
}
