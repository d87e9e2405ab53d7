import { z } from 'zod';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { notFound } from '../http/problem.ts';
import { route, type Answer, type Call, type Route } from '../http/route.ts';
import { challengeMinutes, type Challenge } from '../people/passkey-challenge.ts';
import { confirmPasskey, startPasskey } from '../people/passkey-enrolment.ts';
import { askAnyPasskey, askPasskey, provePasskey, signInByPasskey } from '../people/passkey-proof.ts';
import { listPasskeys, removeFactor, type Removal } from '../people/passkeys.ts';
import { relyingParty } from '../people/relying-party.ts';
import { authenticate } from '../people/session-state.ts';
import type { Platform } from '../platform.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { idParams } from './access.ts';
import { isSecure, sessionCookie, sessionToken } from './cookie.ts';
import { sessionView, viewOf } from './session-view.ts';

const base64url = z
  .string()
  .regex(/^[\w-]+$/, 'base64url')
  .max(65_536);
const transports = z.array(z.string().max(40)).max(20);

const credential = {
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  authenticatorAttachment: z.string().max(40).nullish(),
};
/** `toJSON()` of what `navigator.credentials.create` gives. */
const registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: transports.optional(),
  }),
});
/** `toJSON()` of what `navigator.credentials.get` gives. */
const assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish().transform((handle) => handle ?? undefined),
  }),
});

const options = z
  .record(z.string(), z.unknown())
  .describe('For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.');

const passkeyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    createdAt: z.iso.datetime(),
    usedAt: z.iso.datetime().nullable(),
    transports: z.array(z.string()),
    backedUp: z.boolean().describe('A copy is kept by whoever made the authenticator.'),
    suspendedAt: z.iso
      .datetime()
      .nullable()
      .describe('Set when there seems to be a copy: not taken any more.'),
  })
  .meta({ id: 'Passkey' });

type AnyCall = Pick<Call<unknown, unknown, unknown>, 'headers' | 'address'>;

/** Passkeys and security keys (WebAuthn): enrolling, proving and removing them. */
export function passkeyRoutes({ db, people, secrets, settings, now }: Platform): Route[] {
  const secure = isSecure(settings);
  const asked = new AskedCookie(secrets, secure);
  const tokenOf = ({ headers }: AnyCall): string => sessionToken(headers, secure) ?? '';
  const partyOf = ({ headers }: AnyCall) => relyingParty(settings, headers['host']);
  const remove = async (call: AnyCall, removal: Removal): Promise<Answer<undefined>> => {
    const wanted = { token: tokenOf(call), removal, now: now() };
    if (!(await removeFactor(db, people, partyOf(call), wanted))) throw notFound();
    return { body: undefined };
  };
  const open = { tag: 'Session', access: { kind: 'open' } } as const;
  const own = { tag: 'Session', access: { kind: 'session' } } as const;
  return [
    route({
      ...open,
      method: 'POST',
      path: '/session/passkeys/enrolment',
      id: 'startPasskey',
      summary: 'Enrol a passkey or security key: what to ask the authenticator for',
      answer: options,
      handle: async (call) => ({
        body: { ...(await startPasskey(db, people, partyOf(call), { token: tokenOf(call), now: now() })) },
      }),
    }),
    route({
      ...open,
      method: 'PUT',
      path: '/session/passkeys/enrolment',
      id: 'confirmPasskey',
      summary: 'What the authenticator answered; the first factor gives recovery codes, shown once',
      body: z.strictObject({
        name: z.string().regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,100}$/u, '1 to 100 characters on one line'),
        response: registration,
      }),
      answer: z.object({ id: z.uuid(), recoveryCodes: z.array(z.string()), session: sessionView }),
      handle: async (call) => {
        const { id, recoveryCodes, token, session } = await confirmPasskey(db, people, partyOf(call), {
          token: tokenOf(call),
          name: call.body.name,
          response: call.body.response as RegistrationResponseJSON,
          now: now(),
        });
        return {
          body: { id, recoveryCodes: [...recoveryCodes], session: await viewOf(db, settings, session) },
          headers: { 'set-cookie': sessionCookie(token, secure) },
        };
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/session/passkey/challenge',
      id: 'askPasskey',
      summary:
        'What to ask a passkey for: as second step, to unlock, or, where that is allowed, to sign in with it alone',
      answer: options,
      handle: async (call) => {
        const [party, token] = [partyOf(call), tokenOf(call)];
        if ((await authenticate(db, people, token, now())) !== undefined) {
          return { body: { ...(await askPasskey(db, people, party, { token, now: now() })) } };
        }
        const { options: wanted, challenge } = await askAnyPasskey(party, now());
        return { body: { ...wanted }, headers: { 'set-cookie': asked.keep(challenge) } };
      },
    }),
    route({
      ...open,
      method: 'POST',
      path: '/session/passkey',
      id: 'provePasskey',
      summary: 'What the passkey answered',
      body: z.strictObject({ response: assertion }),
      answer: sessionView,
      handle: async (call) => {
        const [party, token] = [partyOf(call), tokenOf(call)];
        const response = call.body.response as AuthenticationResponseJSON;
        const answer = { response, address: call.address, now: now() };
        const known = (await authenticate(db, people, token, now())) !== undefined;
        const { token: next, session } = known
          ? await provePasskey(db, people, party, { ...answer, token })
          : await signInByPasskey(db, people, party, {
              ...answer,
              challenge: asked.find(call.headers['cookie']),
            });
        const set = sessionCookie(next, secure);
        return {
          body: await viewOf(db, settings, session),
          headers: { 'set-cookie': known ? set : [set, asked.forget()] },
        };
      },
    }),
    route({
      ...own,
      method: 'GET',
      path: '/session/passkeys',
      id: 'listPasskeys',
      summary: 'Your passkeys and security keys',
      answer: z.object({ items: z.array(passkeyView) }),
      handle: async ({ principal }) => {
        const keys = await listPasskeys(db, principal.personId);
        const items = keys.map(({ createdAt, usedAt, suspendedAt, ...rest }) => ({
          ...rest,
          transports: [...rest.transports],
          createdAt: createdAt.toISOString(),
          usedAt: usedAt?.toISOString() ?? null,
          suspendedAt: suspendedAt?.toISOString() ?? null,
        }));
        return { body: { items } };
      },
    }),
    route({
      ...own,
      method: 'DELETE',
      path: '/session/passkeys/:id',
      id: 'removePasskey',
      summary: 'Remove one of your passkeys; never the last second factor. Your other sessions end',
      params: idParams,
      status: 204,
      handle: (call) => remove(call, { passkey: call.params.id }),
    }),
    route({
      ...own,
      method: 'DELETE',
      path: '/session/enrolment',
      id: 'removeApp',
      summary: 'Do without your authenticator app; never the last second factor. Your other sessions end',
      status: 204,
      handle: (call) => remove(call, 'app'),
    }),
  ];
}

const context = 'passkey:challenge';
const names = { secure: '__Host-tidewaiter-passkey', plain: 'tidewaiter-passkey' } as const;

/** The challenge of a sign-in that has no session yet: kept in the browser that was given it, so that strangers fill no table. */
class AskedCookie {
  readonly #box: SecretBox;
  readonly #name: string;
  readonly #attributes: string;

  constructor(box: SecretBox, secure: boolean) {
    this.#box = box;
    this.#name = secure ? names.secure : names.plain;
    this.#attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  }

  keep({ text, until }: Challenge): string {
    const plain = Buffer.from(JSON.stringify({ text, until: until.getTime() }));
    const sealed = this.#box.wrap(plain, context).toString('base64url');
    return `${this.#name}=${sealed}; ${this.#attributes}; Max-Age=${challengeMinutes * 60}`;
  }

  /** What does not unwrap was not written here, or with another key. */
  find(header = ''): Challenge | undefined {
    const pairs = header.split(';').map((pair) => pair.trim().split('=', 2));
    const [, sealed = ''] = pairs.find(([name]) => name === this.#name) ?? [];
    try {
      const text = this.#box.unwrap(Buffer.from(sealed, 'base64url'), context).toString();
      const kept = JSON.parse(text) as { text: string; until: number };
      return { text: kept.text, until: new Date(kept.until) };
    } catch {
      return undefined;
    }
  }

  forget(): string {
    return `${this.#name}=; ${this.#attributes}; Max-Age=0`;
  }
}
