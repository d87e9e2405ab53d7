import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, codeOf, newApiToken, newPerson, newSession, openHouse } from '../attack/house.ts';

const house = await openHouse();
const { db } = house.platform;

describe('resetting somebody else’s sign-in by the API', () => {
  for (const what of ['password-reset', 'second-factor-reset'] as const) {
    const reset = async (
      headers: Record<string, string>,
      id: string,
      body: unknown = { reason: 'Called back' },
    ) => ask(house, { method: 'POST', path: `/api/v1/people/${id}/${what}`, headers, body });

    test(`${what}: refused for who is no administrator of all, for programs, and for a session found open`, async () => {
      const somebody = await newPerson(house, [{ site: '*', role: 'viewer' }]);
      for (const grant of [
        { site: 'pier', role: 'admin' },
        { site: '*', role: 'supervisor' },
        { site: '*', role: 'ai-governance' },
      ] as const) {
        const headers = await newSession(house, await newPerson(house, [grant]));
        assert.equal(codeOf(await reset(headers, somebody)), 'E_FORBIDDEN', grant.role);
      }
      const admin = await newPerson(house, [{ site: '*', role: 'admin' }]);
      const token = await newApiToken(house, admin, ['people']);
      assert.equal(codeOf(await reset(token, somebody)), 'E_FORBIDDEN');
      const headers = await newSession(house, admin);
      assert.equal((await reset(headers, somebody, { reason: ' ' })).status, 400, 'a reason is given');
      await db
        .updateTable('sessions')
        .set({ proved_at: new Date(Date.now() - 601_000) })
        .where('person_id', '=', admin)
        .execute();
      assert.equal(codeOf(await reset(headers, somebody)), 'E_PROVE_AGAIN');
      const rows = await db
        .selectFrom('person_resets')
        .selectAll()
        .where('person_id', '=', somebody)
        .execute();
      assert.deepEqual(rows, []);
    });

    test(`${what}: gives the administrator nothing on themselves`, async () => {
      const admin = await newPerson(house, [{ site: '*', role: 'admin' }]);
      const headers = await newSession(house, admin);
      assert.equal(codeOf(await reset(headers, admin)), 'E_RESET_OWN');
      const open = await ask(house, { path: '/api/v1/people', headers });
      assert.equal(open.status, 200, 'and takes nothing from them');
    });
  }
});
