import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { baseChore, nightBefore } from '../../../src/platform/housekeeping/base-chore.ts';
import { readSettings } from '../../../src/platform/settings/settings.ts';
import { backUpBase, restoreBase } from '../../../src/server/backup/base.ts';
import { checkBases } from '../../../src/server/doctor/bases.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';

const never = new AbortController().signal;
const quiet = { signal: never, log: (): void => undefined };

describe('a base backup', () => {
  const data = newDataFolder();
  let serving: Serving | undefined;
  let folder = '';

  before(async () => {
    serving = await startServing(data);
    const settings = await readSettings({ TIDEWAITER_DATA: data }, data);
    ({ folder } = await backUpBase({ ...quiet, settings, now: new Date() }));
  });
  after(async () => {
    await serving?.stop();
    removeDataFolder(data);
  });

  test('that was changed, cut short or robbed of its list is refused, and nothing is left', async () => {
    const whole = gunzipSync(readFileSync(join(folder, 'base.tar.gz')));
    const changed = Buffer.from(whole);
    const at = changed.indexOf('"superuser"');
    changed[at + 3] = (changed[at + 3] ?? 0) ^ 1;
    const list = readFileSync(join(folder, 'backup_manifest'));
    const cases: [Buffer, Buffer][] = [
      [changed, list],
      [whole.subarray(0, whole.length - 300_000), list],
      [whole, list.subarray(0, list.length - 2)],
    ];
    for (const [archive, manifest] of cases) {
      const place = newDataFolder();
      const bad = join(place, 'bad');
      mkdirSync(bad);
      writeFileSync(join(bad, 'base.tar.gz'), gzipSync(archive, { level: 1 }));
      writeFileSync(join(bad, 'backup_manifest'), manifest);
      const settings = await readSettings({ TIDEWAITER_DATA: join(place, 'new') }, place);
      await assert.rejects(restoreBase({ ...quiet, settings, from: bad }), { code: 'E_BACKUP_DAMAGED' });
      assert.deepEqual(readdirSync(place), ['bad']);
      removeDataFolder(place);
    }
  });

  test('of a PostgreSQL of the agency is refused', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none';
    const settings = await readSettings({ TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: url }, data);
    const refused = { code: 'E_BASE_BACKUP_FOREIGN' };
    await assert.rejects(backUpBase({ ...quiet, settings, now: new Date() }), refused);
    await assert.rejects(restoreBase({ ...quiet, settings, from: folder }), refused);
  });

  test('is made once a night, the newest are kept, and doctor tells the age', async () => {
    const settings = { ...(await readSettings({ TIDEWAITER_DATA: data }, data)), backups: { keep: 2 } };
    const DAY = 86_400_000;
    const at = (days: number): Date => new Date(nightBefore(new Date()).getTime() + days * DAY + 3_600_000);
    const night = (days: number): Promise<Readonly<Record<string, number>>> =>
      baseChore({ settings, now: () => at(days) }).run(never);
    assert.equal((await night(2))['made'], 1);
    assert.deepEqual(await night(2), { made: 0 });
    assert.equal((await night(3))['removed'], 1);
    assert.equal(readdirSync(join(data, 'backups')).length, 2);
    assert.deepEqual(
      (await checkBases(settings, at(3))).map(({ state, found }) => [state, found]),
      [['ok', 'the newest is 0 h old']],
    );
    assert.deepEqual(
      (await checkBases(settings, at(6))).map(({ state }) => state),
      ['warn'],
    );
    const none = baseChore({ settings: { ...settings, backups: { keep: 0 } }, now: () => at(9) });
    assert.deepEqual(await none.run(never), { made: 0 });
  });

  test('that is broken off leaves none', async () => {
    const settings = await readSettings({ TIDEWAITER_DATA: data }, data);
    const chore = baseChore({ settings, now: () => new Date(Date.now() + 20 * 86_400_000) });
    const had = readdirSync(join(data, 'backups'));
    await assert.rejects(chore.run(AbortSignal.abort()), { code: 'E_CANCELLED' });
    assert.deepEqual(readdirSync(join(data, 'backups')), had);
  });
});
