import { createPerson } from '../../../src/platform/people/accounts.ts';
import { openHouse } from '../attack/house.ts';
import { startBrowser, type KeyHolder } from './authenticator.ts';

/** A console at localhost where a passkey counts alone, and people with keys. */
export const house = await openHouse({
  settings: (usual) => ({
    ...usual,
    listen: { ...usual.listen, port: 0 },
    sessions: { ...usual.sessions, passkeyAlone: true },
  }),
});
export const { db, people } = house.platform;
export const open = await startBrowser();
export const password = 'seven tides at the quiet pier';
export const consolePage = `http://localhost:${house.port}/api`;

let made = 0;
/** Somebody with an account, before their first sign-in. */
export async function newcomer(): Promise<{ readonly login: string; readonly id: string }> {
  const login = `keyholder${made++}`;
  const person = { login, name: 'Maria Lopez', password };
  return { login, id: await createPerson(db, people, { person, now: new Date() }) };
}

/** Somebody who enrolled a key and is signed in. */
export async function keyholder(browser?: KeyHolder) {
  const person = await newcomer();
  const holder = browser ?? (await open(consolePage));
  await holder.call('POST', '/session', { login: person.login, password });
  const { body } = await holder.enrol('A key');
  await holder.call('POST', '/session/banner');
  return { ...person, holder, recoveryCodes: body['recoveryCodes'] as string[], key: String(body['id']) };
}

/** Status and code of an answer. */
export const codeOf = ({ status, body }: { status: number; body: Record<string, unknown> }): unknown[] => [
  status,
  body['code'],
];

/** What was refused about somebody, in order. */
export async function refusalKinds(personId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('refusals')
    .select('kind')
    .where('person_id', '=', personId)
    .orderBy('id')
    .execute();
  return rows.map(({ kind }) => kind);
}

/** What the ledger says of somebody, in order. */
export async function told(personId: string): Promise<string[]> {
  const rows = await db.selectFrom('ledger_outbox').select('event').orderBy('id').execute();
  const placed = await db.selectFrom('ledger').select('event').orderBy('index').execute();
  return [...placed, ...rows]
    .map(({ event }) => event as { kind: string; subjects: Record<string, string> })
    .filter(({ subjects }) => subjects['person'] === personId)
    .map(({ kind }) => kind);
}
