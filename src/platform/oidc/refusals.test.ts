import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { disablePerson, enablePerson } from '../people/accounts.ts';
import { unlinkIdentity } from './identities.ts';
import {
  Browser,
  admin,
  clock,
  consoleWith,
  db,
  folder,
  idp,
  linked,
  now,
  piv,
  refusals,
  refusedWith,
  usual,
} from '../../../test/platform/oidc-console.ts';
import { startingAfresh } from '../../../test/platform/oidc-fresh.ts';

describe('sign-in through a provider is refused', () => {
  startingAfresh();

  test('refuses a state of another browser, a changed one, and none', async () => {
    await linked(piv);
    const [mine, victim] = [new Browser(usual), new Browser(usual)];
    const back = await mine.visit((await mine.get('/session/oidc')).location);
    await victim.get('/session/oidc');
    await refusedWith(victim, await victim.get(back), /not begun in this browser/);
    const changed = back.replace(
      /state=([\w-]+)/,
      (_all, state: string) => `state=${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`,
    );
    await refusedWith(mine, await mine.get(changed), /not begun in this browser/);
    await refusedWith(mine, await mine.get(back.replace(/&?state=[\w-]+/, '')), /not begun in this browser/);
    const [name = ''] = mine.jar.keys();
    const kept = mine.jar.get(name) ?? '';
    for (const value of [`${kept.slice(0, -4)}AAAA`, 'AAAA', kept.slice(0, 20)]) {
      mine.jar.set(name, value);
      await refusedWith(mine, await mine.get(back), /not begun in this browser/);
    }
    mine.jar.set(name, kept);
    assert.equal((await mine.get(back)).status, 303, 'nothing was used up by that');
  });

  test('refuses a code that was used', async () => {
    await linked(piv);
    const browser = new Browser(usual);
    const { location } = await browser.get('/session/oidc');
    const kept = new Map(browser.jar);
    const back = await browser.visit(location);
    assert.equal((await browser.get(back)).status, 303);
    const thief = new Browser(usual);
    for (const [name, value] of kept) thief.jar.set(name, value);
    await refusedWith(thief, await thief.get(back), /invalid_grant/);
  });

  test('refuses after ten minutes', async () => {
    await linked(piv);
    const browser = new Browser(usual);
    const back = await browser.visit((await browser.get('/session/oidc')).location);
    clock.minutesAhead = 10;
    await refusedWith(browser, await browser.get(back), /took too long/);
  });

  test('refuses ID tokens that are for others, by others, of another sign-in, old, or changed', async () => {
    await linked(piv);
    const seconds = Math.floor(Date.now() / 1000);
    const forgeries: Readonly<Record<string, object>> = {
      nonce: { nonce: 'of-another-sign-in' },
      audience: { aud: 'somebody-else' },
      party: { aud: [idp.clientId, 'somebody-else'], azp: 'somebody-else' },
      issuer: { iss: 'https://other.example' },
      expired: { exp: seconds - 600, iat: seconds - 1200 },
      old: { auth_time: seconds - 3600 },
      timeless: { auth_time: undefined },
      subject: { sub: undefined },
    };
    for (const [what, change] of Object.entries(forgeries)) {
      idp.forge = (claims) => ({ ...claims, ...change });
      const browser = new Browser(usual);
      await refusedWith(browser, await browser.signIn(), /did not confirm who you are \(OAUTH_\w+\)/);
      assert.equal((await refusals()).length, 1, what);
      await db.deleteFrom('refusals').execute();
    }
    idp.forge = (claims) => claims;
    idp.foreignKey = true;
    const browser = new Browser(usual);
    await refusedWith(browser, await browser.signIn(), /did not confirm who you are/);
    idp.foreignKey = false;
    assert.equal((await new Browser(usual).signIn()).status, 303, 'signed anew and unchanged, it is taken');
  });

  test('refuses an answer that names another issuer, and a refusal of the provider', async () => {
    await linked(piv);
    const browser = new Browser(usual);
    const back = await browser.visit((await browser.get('/session/oidc')).location);
    const mixed = back.replace(/iss=[^&]+/, `iss=${encodeURIComponent('https://other.example')}`);
    assert.notEqual(mixed, back);
    await refusedWith(browser, await browser.get(mixed), /did not confirm/);
    const state = /state=([\w-]+)/.exec(back)?.[1] ?? '';
    const denied = `/session/oidc/return?state=${state}&error=access_denied&iss=${encodeURIComponent(idp.issuer)}`;
    await refusedWith(browser, await browser.get(denied), /access_denied/);
  });

  test('answers alike for a subject that is not linked, one that was unlinked, and a disabled person', async () => {
    const { id, sub } = await linked(piv);
    const signedIn = new Browser(usual);
    await signedIn.signIn();
    await disablePerson(db, { personId: id, now: now() });
    const title = /no enabled account here/;
    const browser = new Browser(usual);
    const disabled = await browser.signIn();
    await refusedWith(browser, disabled, title);
    assert.equal((await refusals()).at(-1)?.person_id, id);
    await enablePerson(db, id);
    const again = new Browser(usual);
    assert.equal((await again.signIn()).status, 303);
    const change = {
      personId: id,
      identity: { issuer: `${idp.issuer}/`, subject: sub },
      actor: admin,
      now: now(),
    };
    await unlinkIdentity(db, change);
    assert.equal(await again.state(), 'none', 'sessions end with the link');
    const unlinked = await browser.signIn();
    await refusedWith(browser, unlinked, title);
    const { request: _one, ...first } = disabled.body;
    const { request: _two, ...second } = unlinked.body;
    assert.deepEqual(first, second);
    assert.ok(String(first['remedy']).includes(sub));
  });

  test('leads nowhere else', async () => {
    const browser = new Browser(usual);
    for (const to of [
      'https://elsewhere.example/',
      '//elsewhere.example',
      '/\\elsewhere.example',
      '/.//elsewhere.example',
    ]) {
      const { status, location } = await browser.get(`/session/oidc?to=${encodeURIComponent(to)}`);
      assert.deepEqual([status, location], [400, ''], to);
    }
  });

  test('says so when the provider is away or takes our secret for wrong, and works when it is back', async () => {
    await linked(piv);
    const fresh = consoleWith();
    idp.broken = true;
    const browser = new Browser(fresh);
    const away = await browser.get('/session/oidc');
    assert.deepEqual([away.status, away.body['code']], [401, 'E_OIDC']);
    idp.broken = false;
    assert.equal((await browser.signIn()).status, 303);
    await fresh.close();
    const wrong = join(folder, 'wrong-secret');
    writeFileSync(wrong, 'another');
    const misled = consoleWith({ clientSecretFile: wrong });
    const other = new Browser(misled);
    await refusedWith(other, await other.signIn(), /invalid_client/);
    await misled.close();
    const without = consoleWith({ clientSecretFile: join(folder, 'gone') });
    const third = await new Browser(without).get('/session/oidc');
    assert.equal(third.body['code'], 'E_OIDC');
    assert.ok(!JSON.stringify(third.body).includes(folder));
    await without.close();
  });
});
