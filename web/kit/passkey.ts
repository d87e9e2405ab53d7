import { api, type Answer } from './api.ts';

/** Whether this browser can use passkeys here: they need HTTPS or localhost. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'parseCreationOptionsFromJSON' in PublicKeyCredential;
}

type Enrolled = Parameters<typeof api.call<'confirmPasskey'>>[1]['body']['response'];
type Proved = Parameters<typeof api.call<'provePasskey'>>[1]['body']['response'];

/**
 * Makes a passkey for who is signing in or signed in.
 * @throws ProblemError, or DOMException when the person or the authenticator gave up.
 */
export async function enrolPasskey(name: string): Promise<Answer<'confirmPasskey'>> {
  const { body: wanted } = await api.call('startPasskey', {});
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    wanted as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.toJSON() as Enrolled;
  return (await api.call('confirmPasskey', { body: { name, response } })).body;
}

/** Proves a passkey: as second step, to unlock, or alone where that is allowed. Throws as {@link enrolPasskey}. */
export async function provePasskey(): Promise<Answer<'provePasskey'>> {
  const { body: wanted } = await api.call('askPasskey', {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    wanted as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const given = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  return (await api.call('provePasskey', { body: { response: given.toJSON() as Proved } })).body;
}
