import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidewaiterError } from '../../../core/errors.ts';
import { joinEmbedded } from '../../../platform/embedded/join.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import { findPerson } from '../../../platform/people/accounts.ts';
import { createToken, revokeToken } from '../../../platform/people/tokens.ts';
import { readSettings, type Settings } from '../../../platform/settings/settings.ts';
import { openDatabase, type Connection, type Database } from '../../../platform/store/database.ts';
import { access, type Place } from './way-in.ts';

/** A run that takes longer has to be started again. */
const TOKEN_DAYS = 7;
/** A server that starts listens some seconds after its database does. */
const START_MS = 10_000;

/**
 * The platform that runs with the settings of this folder and environment. Who may read its keys may do everything there, so
 * a token of somebody's is made for the run; it is on record, and revoked at the end.
 * @param login whose token; by default that of the user of the operating system.
 */
export async function ownPlatform(
  environment: NodeJS.ProcessEnv,
  folder: string,
  login = userInfo().username,
): Promise<Place | undefined> {
  const settings = await readSettings(environment, folder);
  const connection = await runningDatabase(settings);
  if (connection === undefined) return undefined;
  const url = addressOf(settings);
  if (!(await answers(url, settings.database.url === undefined ? START_MS : 0))) {
    // An agency's database says nothing about a server on this machine.
    if (settings.database.url !== undefined) return undefined;
    throw new TidewaiterError(
      'E_PLATFORM_GONE',
      `A server runs on ${settings.data}, and nothing answers at ${url}`,
      'Give TIDEWAITER_URL and TIDEWAITER_TOKEN if it listens elsewhere, or work without it with --alone.',
    );
  }
  const at = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
    const db = openDatabase({ ...connection, connections: 1 }, () => undefined);
    return work(db).finally(() => db.destroy());
  };
  const { personId, id, token } = await at((db) => newToken(db, login));
  // What was done stays done when the database is gone by now; the token then ends by itself.
  return { url, token, close: () => at((db) => endToken(db, personId, id)).catch(() => undefined) };
}

async function runningDatabase({ data, database }: Settings): Promise<Connection | undefined> {
  if (database.url !== undefined) return { connectionString: database.url };
  const folder = join(data, 'database');
  return existsSync(folder) ? joinEmbedded(folder) : undefined;
}

function addressOf({ listen: { host, port }, tls, publicUrl }: Settings): string {
  // A certificate is for the name that people type.
  if (tls !== undefined && publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const name = near.includes(':') ? `[${near}]` : near;
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`;
}

async function answers(url: string, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready || performance.now() >= until) return ready;
    await sleep(200);
  }
}

/** What a program of somebody's does is on record as theirs. */
const through = { through: 'redact command' } as const;

async function newToken(
  db: Database,
  login: string,
): Promise<{ readonly personId: string; readonly id: string; readonly token: string }> {
  const person = await findPerson(db, login);
  if (person === undefined || person.disabled)
    throw access(
      `A platform runs here, and nobody with the login ${login} may use it`,
      'Name somebody who has an account with --as, or work without the platform with --alone.',
    );
  return db.transaction().execute(async (tx) => {
    const now = new Date();
    const made = await createToken(tx, {
      personId: person.id,
      name: 'tidewaiter redact',
      scopes: ['read', 'write', 'upload', 'jobs'],
      expiresAt: new Date(now.getTime() + TOKEN_DAYS * 86_400_000),
      now,
    });
    const subjects = { person: person.id, token: made.id };
    await append(tx, { kind: 'token.created', at: now, actor: person.id, subjects, facts: through });
    return { personId: person.id, ...made };
  });
}

async function endToken(db: Database, personId: string, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const now = new Date();
    if (!(await revokeToken(tx, { id, personId, now }))) return;
    const subjects = { person: personId, token: id };
    await append(tx, { kind: 'token.revoked', at: now, actor: personId, subjects, facts: through });
  });
}
