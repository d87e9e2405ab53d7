import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { removeSecondFactor } from '../../../src/platform/people/second-factor.ts';
import { totp } from '../serving.ts';
import {
  codeOf,
  consolePage,
  db,
  house,
  keyholder,
  newcomer,
  open,
  password,
  refusalKinds,
  told,
} from './keyholders.ts';

describe('a security key', () => {
  test('is enrolled at the first sign-in, and is the second step from then on', async () => {
    const { login, id } = await newcomer();
    const holder = await open(consolePage);
    const first = await holder.call('POST', '/session', { login, password });
    assert.deepEqual([first.body['state'], first.body['factors']], ['enrol', []]);
    const enrolled = await holder.enrol('The one on my keys');
    assert.equal(enrolled.status, 200, JSON.stringify(enrolled.body));
    assert.equal((enrolled.body['recoveryCodes'] as string[]).length, 10);
    assert.equal((await holder.call('POST', '/session/banner')).body['state'], 'open');
    await holder.call('DELETE', '/session');

    const again = await holder.call('POST', '/session', { login, password });
    assert.deepEqual(
      [again.body['state'], again.body['factors']],
      ['second-factor', ['passkey', 'recovery-code']],
    );
    assert.deepEqual(codeOf(await holder.call('POST', '/session/enrolment')), [401, 'E_SESSION']);
    assert.deepEqual(codeOf(await holder.call('POST', '/session/passkeys/enrolment')), [401, 'E_SESSION']);
    // As a second step it need not know who touches it.
    await holder.setUserVerified(false);
    const proved = await holder.prove();
    assert.deepEqual([proved.status, proved.body['state']], [200, 'banner'], JSON.stringify(proved.body));
    await holder.call('POST', '/session/banner');

    const { body } = await holder.call('GET', '/session/passkeys');
    const [key, ...more] = body['items'] as Record<string, unknown>[];
    assert.deepEqual(more, []);
    assert.deepEqual([key?.['name'], key?.['transports']], ['The one on my keys', ['usb']]);
    assert.deepEqual([key?.['backedUp'], key?.['suspendedAt']], [false, null]);
    assert.notEqual(key?.['usedAt'], null);
    assert.deepEqual(await refusalKinds(id), []);
    assert.deepEqual(await told(id), ['person.passkey-enrolled']);
  });

  test('is one of several; the last factor stays', async () => {
    const { holder, login, id, key } = await keyholder();
    const elsewhere = await open(consolePage);
    await elsewhere.call('POST', '/session', { login, password });
    const { secret } = (await holder.call('POST', '/session/enrolment')).body as { secret: string };
    assert.deepEqual(codeOf(await holder.call('DELETE', `/session/passkeys/${key}`)), [409, 'E_LAST_FACTOR']);
    assert.deepEqual(codeOf(await holder.call('DELETE', '/session/enrolment')), [404, 'E_NOT_FOUND']);
    const app = await holder.call('PUT', '/session/enrolment', { code: totp(secret) });
    assert.equal(app.status, 200, JSON.stringify(app.body));
    await holder.call('POST', '/session/banner');
    assert.deepEqual((await holder.call('GET', '/session')).body['factors'], [
      'app',
      'passkey',
      'recovery-code',
    ]);

    const other = await keyholder();
    const { status } = await other.holder.call('DELETE', `/session/passkeys/${key}`);
    assert.equal(status, 404, 'nobody else’s');
    house.clock.laterMs = 11 * 60_000;
    assert.deepEqual(codeOf(await holder.call('DELETE', `/session/passkeys/${key}`)), [403, 'E_PROVE_AGAIN']);
    assert.deepEqual(codeOf(await holder.call('POST', '/session/passkeys/enrolment')), [
      403,
      'E_PROVE_AGAIN',
    ]);
    assert.equal((await holder.prove()).status, 200, 'a key is proof enough where it counts alone');
    assert.equal((await holder.call('DELETE', `/session/passkeys/${key}`)).status, 204);
    assert.equal((await elsewhere.call('GET', '/session')).body['state'], 'none', 'other sessions end');
    assert.deepEqual(codeOf(await holder.call('DELETE', '/session/enrolment')), [409, 'E_LAST_FACTOR']);
    house.clock.laterMs = 0;
    assert.deepEqual(await told(id), [
      'person.passkey-enrolled',
      'person.app-enrolled',
      'person.passkey-removed',
    ]);
  });

  test('of which there is a copy is suspended with the sessions, and does not open enrolment', async () => {
    const { holder, login, id, recoveryCodes } = await keyholder();
    for (let use = 0; use < 3; use++) {
      await holder.call('POST', '/session', { login, password });
      assert.equal((await holder.prove()).status, 200);
    }
    const stolen = await open(consolePage);
    await stolen.call('POST', '/session', { login, password });
    await holder.setCounter(1);
    await holder.call('POST', '/session', { login, password });
    assert.deepEqual(codeOf(await holder.prove()), [401, 'E_PASSKEY_SUSPENDED']);
    assert.deepEqual(await refusalKinds(id), ['passkey-copy']);
    assert.equal((await told(id)).at(-1), 'person.passkey-suspended');
    assert.equal((await stolen.call('GET', '/session')).body['state'], 'none');

    const again = await holder.call('POST', '/session', { login, password });
    assert.equal(again.body['state'], 'second-factor');
    const asked = await holder.call('POST', '/session/passkey/challenge');
    assert.deepEqual(asked.body['allowCredentials'], []);
    await holder.setCounter(1000);
    const response = await holder.get(asked.body);
    assert.deepEqual(codeOf(await holder.call('POST', '/session/passkey', { response })), [401, 'E_SIGN_IN']);
    const code = recoveryCodes[0] ?? '';
    assert.equal((await holder.call('POST', '/session/second-factor', { code })).status, 200);
  });

  test('cannot be suspended by who has no copy', async () => {
    const { holder, login } = await keyholder();
    await holder.call('POST', '/session', { login, password });
    const { body } = await holder.call('POST', '/session/passkey/challenge');
    const credential = await holder.get(body);
    const inner = credential['response'] as Record<string, string>;
    const data = Buffer.from(inner['authenticatorData'] ?? '', 'base64url');
    data.writeUInt32BE(0, 33);
    const response = { ...credential, response: { ...inner, authenticatorData: data.toString('base64url') } };
    assert.deepEqual(codeOf(await holder.call('POST', '/session/passkey', { response })), [401, 'E_SIGN_IN']);
    assert.equal((await holder.prove()).status, 200);
  });

  test('that an administrator took away is enrolled anew', async () => {
    const { holder, login, id } = await keyholder();
    await removeSecondFactor(db, id);
    assert.equal((await holder.call('POST', '/session', { login, password })).body['state'], 'enrol');
    assert.equal((await holder.enrol('A new one')).status, 200);
  });
});
