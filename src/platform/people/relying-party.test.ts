import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { settingsSchema } from '../settings/settings.ts';
import { relyingParty } from './relying-party.ts';

const party = (given: object, host?: string) =>
  relyingParty(settingsSchema.parse({ data: '/nowhere', ...given }), host);

describe('the name that passkeys are bound to', () => {
  test('is that of the public address, whatever the request says', () => {
    const { id, origin } = party({ publicUrl: 'https://console.agency.example:8443/' }, 'evil.example');
    assert.deepEqual([id, origin], ['console.agency.example', 'https://console.agency.example:8443']);
  });

  test('is localhost where only this machine is listened to; the port is the one that is set', () => {
    for (const host of ['127.0.0.1', '::1', 'localhost']) {
      const { id, origin } = party({ listen: { host } }, 'localhost:9999');
      assert.deepEqual([id, origin], ['localhost', 'http://localhost:8420']);
    }
    assert.equal(party({ listen: { port: 0 } }, 'localhost:9999').origin, 'http://localhost:9999');
  });

  test('is missing where the console has only an address', () => {
    for (const given of [
      { listen: { host: '0.0.0.0' } },
      { listen: { host: '::' } },
      { publicUrl: 'https://192.0.2.1' },
    ])
      assert.throws(() => party(given), { code: 'E_PASSKEY' });
  });
});

test('the FIPS profile takes ES256 and RS256 only', () => {
  assert.deepEqual(party({ cryptography: 'fips' }).algorithms, [-7, -257]);
  assert.ok(party({}).algorithms.includes(-8));
});
