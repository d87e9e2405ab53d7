import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  Browser,
  consoleWith,
  db,
  idp,
  linked,
  now,
  piv,
  redirect,
  refusals,
  usual,
} from '../../../test/platform/oidc-console.ts';
import { startingAfresh } from '../../../test/platform/oidc-fresh.ts';

describe('sign-in through a provider', () => {
  startingAfresh();

  test('asks with PKCE, state and nonce, and keeps them where no page can read them', async () => {
    const { status, location, set } = await new Browser(usual).get('/session/oidc?to=/cases');
    assert.equal(status, 303);
    const { origin, searchParams } = new URL(location);
    assert.equal(origin, idp.issuer);
    const asked = Object.fromEntries(searchParams);
    assert.equal(asked['code_challenge_method'], 'S256');
    assert.equal(asked['redirect_uri'], redirect);
    assert.deepEqual([asked['scope'], asked['acr_values'], asked['max_age']], ['openid', piv, '300']);
    assert.ok(
      asked['state']!.length >= 43 && asked['nonce']!.length >= 43 && asked['code_challenge']!.length === 43,
    );
    const [cookie = ''] = set;
    assert.match(
      cookie,
      /^__Host-tidewaiter-oidc-[\w-]{16}=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    );
    assert.ok(!Buffer.from(cookie.split(/[=;]/)[1]!, 'base64url').includes(asked['nonce']!));
  });

  test('ends in a session with both factors where the provider says so, after the banner', async () => {
    const { id } = await linked(piv);
    const browser = new Browser(usual);
    const answer = await browser.signIn('?to=/cases/7');
    assert.deepEqual([answer.status, answer.location], [303, '/cases/7'], JSON.stringify(answer.body));
    assert.match(answer.set[0]!, /^__Host-tidewaiter=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    assert.deepEqual([...browser.jar.keys()], ['__Host-tidewaiter'], 'the flow is forgotten');
    const { body } = await browser.get('/session');
    assert.equal(body['state'], 'banner');
    assert.equal((body['person'] as { id: string }).id, id);
    assert.deepEqual(await refusals(), []);
  });

  test('goes on to the local second factor where the provider does not vouch for one', async () => {
    for (const acr of [undefined, 'urn:test:password']) {
      const { id, sub } = await linked(acr);
      const browser = new Browser(usual);
      assert.equal((await browser.signIn()).status, 303);
      assert.equal(await browser.state(), 'enrol');
      await db
        .insertInto('second_factors')
        .values({
          person_id: id,
          secret: Buffer.alloc(1),
          algorithm: 'sha1',
          last_step: 0,
          enrolled_at: now(),
        })
        .execute();
      assert.equal(await browser.state(), 'second-factor');
      // Without a setting no level counts, whatever it is called and however it was done.
      const lenient = consoleWith({ requiredAcr: undefined });
      idp.holder = { sub, acr: piv };
      idp.forge = (claims) => ({ ...claims, acr: piv, amr: ['mfa', 'hwk', 'sc', 'pop'] });
      const other = new Browser(lenient);
      assert.equal((await other.signIn()).status, 303);
      assert.equal(await other.state(), 'second-factor');
      idp.forge = undefined;
      await lenient.close();
    }
  });

  test('two windows may sign in at once, in either order', async () => {
    await linked(piv);
    const browser = new Browser(usual);
    const [one, two] = await Promise.all([
      browser.get('/session/oidc?to=/one'),
      browser.get('/session/oidc?to=/two'),
    ]);
    const back = { one: await browser.visit(one.location), two: await browser.visit(two.location) };
    assert.equal((await browser.get(back.two)).location, '/two');
    assert.equal((await browser.get(back.one)).location, '/one');
    assert.equal(await browser.state(), 'banner');
  });

  test('forgets the oldest of many that were begun, so that headers stay small', async () => {
    const browser = new Browser(usual);
    for (let count = 0; count < 9; count++) await browser.get('/session/oidc');
    assert.ok(browser.jar.size <= 5, String(browser.jar.size));
  });
});
