import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { listing, start } from '../../redaction/program.ts';
import { ask } from '../attack/house.ts';
import { killed, photograph, redactionFolders, until, workFolders } from '../attack/redactions.ts';
import { signedIn } from '../attack/writers.ts';
import { freePort } from '../free-port.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';

const data = newDataFolder();
const place = mkdtempSync(join(tmpdir(), 'tidewaiter-restart-'));
const port = String(await freePort());
let serving: Serving | undefined;
let headers: Record<string, string> = {};
after(async () => {
  await serving?.stop();
  removeDataFolder(data);
  rmSync(place, { recursive: true, force: true });
});

/** Redacts a photograph at the platform. */
function redact(out: string): ReturnType<typeof start> {
  const token = headers['authorization']?.split(' ')[1] ?? '';
  const variables = [`TIDEWAITER_URL=http://127.0.0.1:${port}`, `TIDEWAITER_TOKEN=${token}`];
  return start(['redact', photograph, '-o', `${out}/`, '--profile', 'fast'], ['env', ...variables]);
}

/** Redactions; what prepares files for viewing is not counted. */
async function jobs(): Promise<{ readonly state: string }[]> {
  const { text } = await ask(serving!, { path: '/api/v1/jobs', headers });
  const { items } = JSON.parse(text) as { items: { state: string; queue: string }[] };
  return items.filter(({ queue }) => queue.startsWith('redaction.'));
}

describe('tidewaiter redact at a platform', () => {
  before(async () => {
    serving = await startServing(data, { TIDEWAITER_PORT: port });
    headers = await signedIn(serving);
  });

  test('that is stopped by Ctrl-C stops its job and leaves nothing here', async () => {
    const run = redact(join(place, 'stopped'));
    await until(() => redactionFolders(data).length === 1, 'the job was taken up');
    run.process.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    assert.equal(code, 130, stdout + stderr);
    assert.deepEqual(
      (await jobs()).map(({ state }) => state),
      ['cancelled'],
    );
    assert.deepEqual(listing(join(place, 'stopped')), []);
    await until(() => workFolders(data).length === 0, 'the job let go');
  });

  test('whose server is killed half-way waits, and ends as if nothing had been', async () => {
    const run = redact(join(place, 'waited'));
    await until(() => redactionFolders(data).length === 1, 'the job was taken up');
    await killed(serving!.process);
    await run.saw(/The platform does not answer; waiting for it, 10 min at most/);
    serving = await startServing(data, { TIDEWAITER_PORT: port });
    const { code, stdout, stderr } = await run.ended;
    assert.equal(code, 0, stdout + stderr);
    assert.equal(listing(join(place, 'waited')).length, 5);
    const states = (await jobs()).map(({ state }) => state);
    assert.deepEqual(states, ['done', 'cancelled'], 'one job was started, and ended once');
  });
});
