import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { platformSchema } from '../migrations/index.ts';
import { createPerson } from './accounts.ts';
import { confirmEnrolment, startEnrolment } from './enrolment.ts';
import type { NewSession } from './new-session.ts';
import { removeSecondFactor } from './second-factor.ts';
import { authenticate } from './session-state.ts';
import { proveSecondFactor, signIn, unlock } from './sessions.ts';
import type { PeopleSettings } from './settings.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { totpCode, totpStep, type TotpAlgorithm } from './totp.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
const settings: PeopleSettings = { fips: false, idleMinutes: 15, sessionHours: 12 };
const password = 'four gulls over a cold harbour';
const address = '192.0.2.1';
const start = new Date('2026-11-22T08:00:00Z');
const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);

const key = randomBytes(32);
const box: SecretBox = {
  wrap: (bytes, context) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
    return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  },
  unwrap: (bytes, context) => {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  },
};

/** What an authenticator app has: it decodes the base32 of the QR code's URI. */
class App {
  readonly #secret: Buffer;
  readonly #algorithm: TotpAlgorithm;
  constructor(uri: string) {
    const { searchParams } = new URL(uri);
    const bits = [...(searchParams.get('secret') ?? '')]
      .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
      .join('');
    this.#secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
    this.#algorithm = searchParams.get('algorithm') === 'SHA256' ? 'sha256' : 'sha1';
  }
  code(now: Date): string {
    return totpCode(this.#secret, totpStep(now), this.#algorithm);
  }
}

let made = 0;
async function newPerson(use = settings): Promise<{ login: string; personId: string }> {
  const login = `person${made++}`;
  const person = { login, name: 'Maria Lopez', password };
  return { login, personId: await createPerson(db, use, { person, now: start }) };
}

async function enrol(token: string, now: Date, use = settings, current?: string) {
  const app = new App((await startEnrolment(db, use, box, { token, now })).uri);
  return {
    app,
    ...(await confirmEnrolment(db, use, box, { token, address, code: app.code(now), current, now })),
  };
}

/** Somebody with a second factor, enrolled at `start`. */
async function enrolled(use = settings) {
  const person = await newPerson(use);
  const { token } = await signIn(db, use, { login: person.login, password, address, now: start });
  return { ...person, ...(await enrol(token, start, use)) };
}

const first = (login: string, now: Date, use = settings): Promise<NewSession> =>
  signIn(db, use, { login, password, address, now });
const second = (token: string, code: string, now: Date): Promise<NewSession> =>
  proveSecondFactor(db, settings, box, { token, code, address, now });
const stateOf = async (token: string, now: Date): Promise<string | undefined> =>
  (await authenticate(db, settings, token, now))?.state;

describe('somebody without a second factor', () => {
  test('may do nothing but enrol one', async () => {
    const { login, personId } = await newPerson();
    const { token, session } = await first(login, start);
    assert.equal(session.state, 'enrol');
    assert.ok(!('principal' in session));
    await assert.rejects(second(token, '123456', start), { code: 'E_SESSION' });
    await assert.rejects(unlock(db, settings, { token, password, address, now: start }), {
      code: 'E_SESSION',
    });

    const done = await enrol(token, after(60));
    assert.equal(done.session.state, 'open');
    assert.notEqual(done.token, token);
    assert.equal(await stateOf(token, after(61)), undefined, 'the old token is worth nothing');
    assert.equal((await authenticate(db, settings, done.token, after(61)))?.personId, personId);
    assert.equal(new Set(done.recoveryCodes).size, 10);
  });

  test('proves that the app has the secret', async () => {
    const { token } = await first((await newPerson()).login, start);
    await assert.rejects(
      confirmEnrolment(db, settings, box, { token, address, code: '123456', now: start }),
      {
        code: 'E_SESSION',
      },
    );
    const app = new App((await startEnrolment(db, settings, box, { token, now: start })).uri);
    const wrong = app.code(after(300));
    await assert.rejects(confirmEnrolment(db, settings, box, { token, address, code: wrong, now: start }), {
      code: 'E_SECOND_FACTOR',
    });
    assert.equal(await stateOf(token, start), 'enrol');
    await confirmEnrolment(db, settings, box, { token, address, code: app.code(start), now: start });
  });

  test('has ten minutes for it', async () => {
    const { token } = await first((await newPerson()).login, start);
    assert.equal(await stateOf(token, after(599)), 'enrol');
    await assert.rejects(startEnrolment(db, settings, box, { token, now: after(600) }), {
      code: 'E_SESSION',
    });
  });

  test('enrols one app, even from two places at once', async () => {
    const { login } = await newPerson();
    const tokens = [(await first(login, start)).token, (await first(login, start)).token];
    const results = await Promise.allSettled(tokens.map((token) => enrol(token, start)));
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    assert.equal((lost?.reason as { code?: string }).code, 'E_SESSION');
  });
});

describe('the second step', () => {
  test('takes a code of the app and gives a session for the working day', async () => {
    const { login, app } = await enrolled();
    const { token, session } = await first(login, after(60));
    assert.equal(session.state, 'second-factor');
    const done = await second(token, app.code(after(60)), after(60));
    assert.equal(done.session.state, 'open');
    assert.deepEqual(done.session.expiresAt, after(60 + 12 * 3600));
    assert.equal(await stateOf(token, after(61)), undefined, 'the old token is worth nothing');
  });

  test('takes no code twice, not even the one that enrolled', async () => {
    const { login, app } = await enrolled();
    const { token } = await first(login, start);
    await assert.rejects(second(token, app.code(start), after(1)), { code: 'E_SIGN_IN' });
    await second(token, app.code(after(30)), after(30));
    const again = await first(login, after(31));
    await assert.rejects(second(again.token, app.code(after(30)), after(31)), { code: 'E_SIGN_IN' });
  });

  test('takes a code once when it is given from several places at once', async () => {
    const { login, app } = await enrolled();
    const now = after(60);
    const tokens: string[] = [];
    for (let index = 0; index < 4; index++) tokens.push((await first(login, now)).token);
    const results = await Promise.allSettled(tokens.map((token) => second(token, app.code(now), now)));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('takes each recovery code once, however it is typed', async () => {
    const { login, recoveryCodes } = await enrolled();
    const [code = ''] = recoveryCodes;
    const now = after(60);
    const tokens = [(await first(login, now)).token, (await first(login, now)).token];
    const results = await Promise.allSettled(
      tokens.map((token) => second(token, code.toLowerCase().replaceAll('-', ' '), now)),
    );
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const { token } = await first(login, now);
    assert.equal((await second(token, recoveryCodes[1] ?? '', now)).session.state, 'open');
  });

  test('takes nobody else\u2019s code', async () => {
    const one = await enrolled();
    const two = await enrolled();
    const { token } = await first(one.login, after(60));
    for (const code of [two.app.code(after(60)), two.recoveryCodes[0] ?? '', '']) {
      await assert.rejects(second(token, code, after(60)), { code: 'E_SIGN_IN' });
    }
  });

  test('counts wrong codes; only the whole sign-in makes them forgotten', async () => {
    const { login, app } = await enrolled();
    for (let failure = 0; failure < 4; failure++) {
      const { token } = await first(login, after(60));
      await assert.rejects(second(token, '000000x', after(60)), { code: 'E_SIGN_IN' });
    }
    const { token } = await first(login, after(60));
    await second(token, app.code(after(60)), after(60));
    for (let failure = 0; failure < 5; failure++) {
      const { token } = await first(login, after(90));
      await assert.rejects(second(token, '000000x', after(90)), { code: 'E_SIGN_IN' });
    }
    await assert.rejects(first(login, after(90)), { code: 'E_SIGN_IN_PAUSE' });
    await first(login, after(150));
  });
});

describe('what is kept of a second factor', () => {
  test('does not give it away, and is bound to its person', async () => {
    const { login, personId, recoveryCodes } = await enrolled();
    const other = await enrolled();
    const rows = JSON.stringify(
      await db.selectFrom('recovery_codes').selectAll().where('person_id', '=', personId).execute(),
    );
    for (const code of recoveryCodes) assert.ok(!rows.includes(code.replaceAll('-', '')));
    const { secret } = await db
      .selectFrom('second_factors')
      .select('secret')
      .where('person_id', '=', other.personId)
      .executeTakeFirstOrThrow();
    await db.updateTable('second_factors').set({ secret }).where('person_id', '=', personId).execute();
    const { token } = await first(login, after(60));
    await assert.rejects(second(token, other.app.code(after(60)), after(60)), /authenticate data/);
  });
});

describe('an app', () => {
  test('is replaced from an open session, soon after the password', async () => {
    const { login, token, app: old } = await enrolled();
    await assert.rejects(startEnrolment(db, settings, box, { token, now: after(601) }), {
      code: 'E_PROVE_AGAIN',
    });
    await unlock(db, settings, { token, password, address, now: after(601) });
    for (const current of [undefined, '000000x', old.code(start)])
      await assert.rejects(enrol(token, after(620), settings, current), /E_|app|right/);
    assert.equal(await stateOf(token, after(620)), 'open', 'a found session and the password are not enough');
    const { app, token: fresh } = await enrol(token, after(620), settings, old.code(after(620)));
    assert.equal(await stateOf(token, after(621)), undefined);
    assert.equal(await stateOf(fresh, after(621)), 'open');
    const again = await first(login, after(660));
    await assert.rejects(second(again.token, old.code(after(660)), after(660)), { code: 'E_SIGN_IN' });
    await second(again.token, app.code(after(660)), after(660));
  });

  test('that was lost is removed by an administrator', async () => {
    const { login, personId, token } = await enrolled();
    await removeSecondFactor(db, personId);
    assert.equal(await stateOf(token, after(1)), undefined);
    assert.equal((await first(login, after(1))).session.state, 'enrol');
  });
});

describe('the FIPS profile', () => {
  const fips = { ...settings, fips: true };

  test('keeps passwords with PBKDF2 and uses SHA-256 for codes', async () => {
    const { personId, session } = await enrolled(fips);
    assert.equal(session.state, 'open');
    const row = await db
      .selectFrom('people')
      .innerJoin('second_factors', 'second_factors.person_id', 'people.id')
      .select(['password', 'algorithm'])
      .where('people.id', '=', personId)
      .executeTakeFirstOrThrow();
    assert.match(row.password ?? '', /^\$pbkdf2-sha512\$/);
    assert.equal(row.algorithm, 'sha256');
  });

  test('answers for a password kept with argon2id as for a wrong one', async () => {
    const { login } = await newPerson();
    await assert.rejects(first(login, start, fips), { code: 'E_SIGN_IN' });
  });

  test('is left by signing in: the password is kept with argon2id again', async () => {
    const { login, personId } = await newPerson(fips);
    // In parallel, since only one of them finds the old hash in place when it is done.
    await Promise.all([first(login, start), first(login, start), first(login, start)]);
    const row = await db
      .selectFrom('people')
      .select('password')
      .where('id', '=', personId)
      .executeTakeFirstOrThrow();
    assert.match(row.password ?? '', /^\$argon2id\$/);
    await first(login, start);
  });
});
