import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPerson } from '../../../src/platform/people/accounts.ts';
import { ask, newPerson, newSession, openHouse } from './house.ts';

const house = await openHouse({
  settings: (usual) => ({ ...usual, publicUrl: 'https://tidewaiter.example' }),
});
const password = 'seven tides at the quiet pier';

describe('the cookie where the console is reached over TLS', () => {
  test('is bound to this host and to TLS', async () => {
    const person = { login: 'maria', name: 'Maria', password };
    await createPerson(house.platform.db, house.platform.people, { person, now: new Date() });
    const body = { login: person.login, password };
    const reply = await ask(house, { method: 'POST', path: '/api/v1/session', body });
    const [cookie = ''] = reply.headers.getSetCookie();
    assert.match(cookie, /^__Host-tidewaiter=[\w-]{43}; /);
    for (const part of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'])
      assert.ok(cookie.split('; ').includes(part), `${part} in ${cookie}`);
    assert.doesNotMatch(cookie, /Domain/);
  });

  test('is not taken without its prefix: another host of the domain could have set it', async () => {
    const personId = await newPerson(house, [{ site: '*', role: 'admin' }]);
    const { cookie = '' } = await newSession(house, personId);
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: { cookie } })).status, 401);
    const bound = { cookie: `tidewaiter=${'A'.repeat(43)}; __Host-${cookie}` };
    assert.equal((await ask(house, { path: '/api/v1/cases', headers: bound })).status, 200);
  });
});
