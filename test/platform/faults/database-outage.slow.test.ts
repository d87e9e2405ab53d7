import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, codeOf, type Reply } from '../attack/house.ts';
import { doneOnce, redactionFolders, startRedaction, until } from '../attack/redactions.ts';
import { signedIn, startWriters, storedTitles } from '../attack/writers.ts';
import { startPostgres } from '../postgres.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';

const OUTAGE_SECONDS = 60;

const data = newDataFolder();
const agency = await startPostgres();
let serving: Serving | undefined;
after(async () => {
  await serving?.stop();
  await agency.stop();
  removeDataFolder(data);
});

function isUnavailable(reply: Reply): void {
  assert.equal(reply.status, 503, reply.text);
  assert.match(reply.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(codeOf(reply), 'E_UNAVAILABLE');
  assert.match(reply.headers.get('retry-after') ?? '', /^\d+$/);
}

describe("an agency's database that is gone for a minute", () => {
  test('is a 503 for whoever asks, loses nothing acknowledged, and the job under way ends done', async (t) => {
    const { user, host, port, database } = await agency.newDatabase();
    const url = `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
    const server = (serving = await startServing(data, { TIDEWAITER_DATABASE_URL: url }));
    const headers = await signedIn(server);
    const list = (): Promise<Reply> => ask(server, { path: '/api/v1/cases', headers });
    const open = (): Promise<Reply> => {
      const body = { site: 'pier', use: 'redaction', title: 'in the dark' };
      return ask(server, { method: 'POST', path: '/api/v1/cases', body, headers });
    };
    const redaction = await startRedaction(server.url, headers);
    const writers = startWriters(() => server.url, headers, 250);
    // Also when something here is not as it should be.
    t.after(() => writers.stop());
    await until(() => redactionFolders(data).length === 1, 'the job was taken up');
    await until(() => writers.acknowledged.size > 20, 'writes were acknowledged');

    const giveBack = await agency.takeAway();
    const over = performance.now() + OUTAGE_SECONDS * 1000;
    const before = writers.acknowledged.size;
    // Requests that had their answer on the way may still have counted.
    await sleep(1000);
    const atRest = writers.acknowledged.size;
    assert.ok(atRest - before <= 3, `${atRest - before} writes were acknowledged without a database`);
    while (performance.now() < over) {
      for (const reply of await Promise.all([list(), open()])) isUnavailable(reply);
      assert.equal((await ask(server, { path: '/readyz' })).status, 503);
      assert.equal((await ask(server, { path: '/healthz' })).status, 200);
      await sleep(2000);
    }
    assert.equal(writers.acknowledged.size, atRest);

    await giveBack();
    await until(() => writers.acknowledged.size > atRest + 20, 'writes are acknowledged again');
    await writers.stop();
    assert.deepEqual(writers.odd, [], 'everybody had an answer or a 503');
    await doneOnce(server, headers, redaction);
    assert.equal((await ask(server, { path: '/readyz' })).status, 200);
    const stored = await storedTitles(server.url, headers);
    assert.deepEqual(
      [...writers.acknowledged].filter((title) => !stored.has(title)),
      [],
    );
    assert.ok(!stored.has('in the dark'), 'what was refused was not done');
    assert.equal(server.process.exitCode, null, 'nobody started it again');
  });
});
