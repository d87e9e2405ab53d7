import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { codeOf, consolePage, db, house, keyholder, password, refusalKinds } from './keyholders.ts';

describe('an answer of a key is refused', () => {
  test('when it is given again, too late, or to another challenge', async () => {
    const { holder, login, id } = await keyholder();
    await holder.call('POST', '/session', { login, password });
    const { body: first } = await holder.call('POST', '/session/passkey/challenge');
    const old = await holder.get(first);
    await holder.call('POST', '/session/passkey/challenge');
    const prove = (response: unknown) => holder.call('POST', '/session/passkey', { response });
    assert.deepEqual(codeOf(await prove(old)), [401, 'E_SIGN_IN'], 'a newer one was asked for');
    const { body: second } = await holder.call('POST', '/session/passkey/challenge');
    const late = await holder.get(second);
    house.clock.laterMs = 5 * 60_000;
    assert.deepEqual(codeOf(await prove(late)), [401, 'E_SIGN_IN']);
    house.clock.laterMs = 0;
    assert.deepEqual(codeOf(await prove(late)), [401, 'E_SIGN_IN'], 'it was used up by that');
    const { body: third } = await holder.call('POST', '/session/passkey/challenge');
    const right = await holder.get(third);
    assert.equal((await prove(right)).status, 200);
    await holder.call('POST', '/session', { login, password });
    await holder.call('POST', '/session/passkey/challenge');
    assert.deepEqual(codeOf(await prove(right)), [401, 'E_SIGN_IN']);
    assert.deepEqual(new Set(await refusalKinds(id)), new Set(['second-factor']));
  });

  test('when a page of another origin asked for it', async () => {
    const { holder, login } = await keyholder();
    const phishing = createServer((_request, response) => response.end('<title>Tidewaiter</title>'));
    phishing.listen(0, '127.0.0.1');
    await once(phishing, 'listening');
    after(() => phishing.close());
    await holder.call('POST', '/session', { login, password });
    const { body } = await holder.call('POST', '/session/passkey/challenge');
    await holder.page.goto(`http://localhost:${(phishing.address() as AddressInfo).port}/`);
    const response = await holder.get(body);
    await holder.page.goto(consolePage);
    assert.deepEqual(codeOf(await holder.call('POST', '/session/passkey', { response })), [401, 'E_SIGN_IN']);
    assert.equal((await holder.prove()).status, 200);
  });

  test('when the key is somebody else’s, and wrong ones pause the login', async () => {
    const one = await keyholder();
    const two = await keyholder(one.holder);
    const { holder } = one;
    const theirs = await db
      .selectFrom('passkeys')
      .select('credential_id as id')
      .where('id', '=', two.key)
      .executeTakeFirstOrThrow();
    await holder.call('POST', '/session', { login: one.login, password });
    for (let failure = 0; failure < 5; failure++) {
      const { body } = await holder.call('POST', '/session/passkey/challenge');
      const response = await holder.get({ ...body, allowCredentials: [{ ...theirs, type: 'public-key' }] });
      const claimed = failure === 0 ? response : { ...response, id: one.key, rawId: one.key };
      const reply = await holder.call('POST', '/session/passkey', { response: claimed });
      assert.deepEqual(codeOf(reply), [401, 'E_SIGN_IN']);
    }
    assert.deepEqual(codeOf(await holder.prove()), [429, 'E_SIGN_IN_PAUSE']);
  });

  test('at enrolment: twice, of another session, or with certificates that nobody asked for', async () => {
    const { holder } = await keyholder();
    const begin = async () => (await holder.call('POST', '/session/passkeys/enrolment')).body;
    const end = (response: unknown) =>
      holder.call('PUT', '/session/passkeys/enrolment', { name: 'Another', response });
    const direct = await holder.create({ ...(await begin()), attestation: 'direct', excludeCredentials: [] });
    assert.deepEqual(codeOf(await end(direct)), [422, 'E_PASSKEY']);
    const fresh = await holder.create({ ...(await begin()), excludeCredentials: [] });
    const other = await keyholder();
    await other.holder.call('POST', '/session/passkeys/enrolment');
    const stolen = { name: 'Stolen', response: fresh };
    assert.deepEqual(codeOf(await other.holder.call('PUT', '/session/passkeys/enrolment', stolen)), [
      422,
      'E_PASSKEY',
    ]);
    assert.equal((await end(fresh)).status, 200);
    assert.deepEqual(codeOf(await end(fresh)), [422, 'E_PASSKEY']);
  });
});

describe('a passkey alone', () => {
  test('signs in when it knows who holds it, once for each challenge', async () => {
    const { holder, login, id } = await keyholder();
    await holder.call('DELETE', '/session');
    assert.deepEqual((await holder.call('GET', '/session')).body['ways'], ['password', 'passkey']);
    const asked = await holder.call('POST', '/session/passkey/challenge');
    assert.equal(asked.body['userVerification'], 'required');
    const cookies = (await holder.page.context().cookies()).filter(
      ({ name }) => name === 'tidewaiter-passkey',
    );
    const response = await holder.get(asked.body);
    const signedIn = await holder.call('POST', '/session/passkey', { response });
    assert.deepEqual(
      [signedIn.status, signedIn.body['state']],
      [200, 'banner'],
      JSON.stringify(signedIn.body),
    );
    assert.equal((signedIn.body['person'] as { login: string }).login, login);

    await holder.page.context().clearCookies();
    const prove = () => holder.call('POST', '/session/passkey', { response });
    assert.deepEqual(codeOf(await prove()), [401, 'E_SIGN_IN'], 'in a browser that was given no challenge');
    await holder.page.context().addCookies(cookies);
    assert.deepEqual(codeOf(await prove()), [401, 'E_SIGN_IN'], 'the challenge was used');
    assert.deepEqual(await refusalKinds(id), ['sign-in', 'sign-in']);
  });

  test('does not sign in when it does not know who holds it, or when the account is shut', async () => {
    const { holder, id, key } = await keyholder();
    const { credential_id: credentialId } = await db
      .selectFrom('passkeys')
      .select('credential_id')
      .where('id', '=', key)
      .executeTakeFirstOrThrow();
    await holder.call('DELETE', '/session');
    await holder.setUserVerified(false);
    const { body } = await holder.call('POST', '/session/passkey/challenge');
    const allowCredentials = [{ id: credentialId, type: 'public-key' }];
    const response = await holder.get({ ...body, allowCredentials, userVerification: 'discouraged' });
    assert.deepEqual(codeOf(await holder.call('POST', '/session/passkey', { response })), [401, 'E_SIGN_IN']);
    await holder.setUserVerified(true);
    await db.updateTable('people').set({ disabled_at: new Date() }).where('id', '=', id).execute();
    assert.deepEqual(codeOf(await holder.prove()), [401, 'E_SIGN_IN']);
  });

  test('opens a locked session', async () => {
    const { holder } = await keyholder();
    house.clock.laterMs = 20 * 60_000;
    assert.equal((await holder.call('GET', '/session')).body['state'], 'locked');
    assert.equal((await holder.prove()).body['state'], 'open');
    house.clock.laterMs = 0;
  });
});
