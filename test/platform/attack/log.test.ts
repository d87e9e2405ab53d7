import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sql } from 'kysely';
import { createApp } from '../../../src/server/app.ts';
import { openLog } from '../../../src/server/log.ts';
import { ask, newPerson, newSession, openHouse } from './house.ts';

const house = await openHouse();
const name = 'Ottilie Quersprung';

for (const [form, isTerminal] of [
  ['text', true],
  ['JSON', false],
] as const)
  test(`a fault of the database is logged as ${form} by what it is, without the values it was about`, async () => {
    const { platform } = house;
    let logged = '';
    const { log, close } = await openLog(
      platform.settings,
      {
        write: (text) => {
          logged += text;
          return Promise.resolve();
        },
      },
      isTerminal,
    );
    const app = await createApp(platform, log);
    await app.listen({ host: '127.0.0.1', port: 0 });
    try {
      const headers = await newSession(house, await newPerson(house, [{ site: '*', role: 'admin' }]));
      const { port } = app.server.address() as AddressInfo;
      const open = () =>
        ask(
          { url: `http://127.0.0.1:${port}` },
          {
            method: 'POST',
            path: '/api/v1/cases',
            headers,
            body: { site: 'pier', use: 'redaction', title: name },
          },
        );
      await sql`alter table cases add constraint untitled check (title = '')`.execute(platform.db);
      assert.equal((await open()).status, 500);
      await sql`alter table cases drop constraint untitled`.execute(platform.db);
      await sql`alter table cases alter column title type integer using 0`.execute(platform.db);
      const { status, text } = await open();
      assert.equal(status, 500);
      assert.doesNotMatch(text, /Quersprung/);
      await sql`alter table cases alter column title type text`.execute(platform.db);
      assert.match(logged, /POST \/api\/v1\/cases: DatabaseError 23514 table cases constraint untitled/);
      assert.match(logged, /POST \/api\/v1\/cases: DatabaseError 22P02/);
      assert.doesNotMatch(logged, /Ottilie|Quersprung/);
    } finally {
      app.server.closeAllConnections();
      await app.close();
      await close();
    }
  });
