import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { systemCode } from '../../../src/core/errors.ts';
import { needs } from '../../needs.ts';
import { ask, codeOf, type Reply } from '../attack/house.ts';
import { startRedaction, redactionFolders, until, workFolders } from '../attack/redactions.ts';
import { signedIn, storedTitles } from '../attack/writers.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';

const data = newDataFolder();
const filler = join(data, 'filler');
let [serving, mounted]: [Serving | undefined, boolean] = [undefined, false];
after(async () => {
  await serving?.stop();
  if (mounted) execFileSync('umount', ['-l', data]);
  removeDataFolder(data);
});

/** Leaves so many bytes free, or as many as others who write leave. */
function fill(leave: number): void {
  const { bavail, bsize } = statfsSync(data);
  try {
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  } catch (error) {
    assert.equal(systemCode(error), 'ENOSPC');
  }
}

describe('a disk that is full', () => {
  test('ends uploads and jobs with that answer, costs nothing that was acknowledged, and all goes on with space', async (t) => {
    if (!needs(t, 'root', 'mount')) return;
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=711', 'tmpfs', data]);
    mounted = true;
    const { url } = (serving = await startServing(data));
    const headers = await signedIn(serving);
    const open = (title: string): Promise<Reply> => {
      const body = { site: 'pier', use: 'redaction', title };
      return ask({ url }, { method: 'POST', path: '/api/v1/cases', body, headers });
    };
    const { id } = JSON.parse((await open('first')).text) as { id: string };
    const upload = (bytes: number): Promise<Reply> =>
      ask(
        { url },
        {
          method: 'POST',
          path: `/api/v1/cases/${id}/assets?name=a.bin`,
          body: new Uint8Array(randomBytes(bytes)),
          headers: { ...headers, 'content-type': 'application/octet-stream' },
        },
      );

    fill(2_000_000);
    const refused = await upload(8_000_000);
    assert.deepEqual([refused.status, codeOf(refused)], [507, 'E_NO_SPACE'], refused.text);
    const vault = readdirSync(join(data, 'vault'), { recursive: true, withFileTypes: true });
    assert.deepEqual(
      vault.filter((entry) => entry.isFile()).map(({ name }) => name),
      [],
    );

    // A job whose outputs do not fit.
    rmSync(filler);
    const { job } = await startRedaction(url, headers);
    await until(() => redactionFolders(data).length === 1, 'the job was taken up');
    fill(0);
    const acknowledged: string[] = ['first'];
    for (let index = 0; index < 100; index++) {
      const reply = await open(`case ${index}`);
      if (reply.status === 201) acknowledged.push(`case ${index}`);
      else assert.ok(['E_NO_SPACE', 'E_UNAVAILABLE'].includes(codeOf(reply) ?? ''), reply.text);
    }
    rmSync(filler);

    await until(async () => (await open('afterwards')).status === 201, 'cases are opened again');
    assert.equal((await upload(8_000_000)).status, 201);
    const stored = await storedTitles(url, headers);
    assert.deepEqual(
      acknowledged.filter((title) => !stored.has(title)),
      [],
    );
    const ended = async (): Promise<{ state: string; finishedAt: unknown; error: { code: string } | null }> =>
      JSON.parse((await ask({ url }, { path: `/api/v1/jobs/${job}`, headers })).text) as Awaited<
        ReturnType<typeof ended>
      >;
    await until(async () => (await ended()).finishedAt !== null, 'the job ended');
    const { state, error } = await ended();
    assert.ok(
      state === 'done' || (state === 'failed' && error?.code === 'E_NO_SPACE'),
      JSON.stringify(error),
    );
    await until(() => workFolders(data).length === 0, 'nothing of it was left');
  });
});
