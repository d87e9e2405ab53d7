import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { platformSchema } from '../migrations/index.ts';
import { sweepWorkFolders } from './work-folders.ts';

const server = await startTestServer();
const { db } = await server.database(platformSchema);
const work = mkdtempSync(join(tmpdir(), 'tidewaiter-work-'));
after(() => rmSync(work, { recursive: true, force: true }));

describe('folders of dead jobs', () => {
  const never = new AbortController().signal;

  function leave(name: string): string {
    const folder = join(work, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'source.jpg'), 'somebody');
    return folder;
  }

  test('there may be none', async () => {
    assert.equal(await sweepWorkFolders(db, join(work, 'nowhere'), never), 0);
  });

  test('are removed when no job runs', async () => {
    const folder = leave('a');
    assert.equal(await sweepWorkFolders(db, work, never), 1);
    assert.ok(!existsSync(folder));
  });

  test('wait for jobs that run, and leave what began later alone', async () => {
    await db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
    const job = {
      ...{ id: randomUUID(), site_id: 'pier', queue: 'x', use: 'x', created_by: randomUUID() },
      ...({ input: '{}', state: 'running', started_at: new Date() } as const),
    };
    await db.insertInto('jobs').values(job).execute();
    const old = leave('old');
    const swept = sweepWorkFolders(db, work, never);
    await sleep(2500);
    assert.ok(existsSync(old), 'its job may be alive');
    const fresh = leave('fresh');
    // Taken over: the same job runs again, in a folder of its own.
    await db.updateTable('jobs').set({ started_at: new Date() }).where('id', '=', job.id).execute();
    assert.equal(await swept, 1);
    assert.deepEqual([existsSync(old), existsSync(fresh)], [false, true]);
  });
});
