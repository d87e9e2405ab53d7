import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { tidewaiter, type Answer } from '../ops/cli.ts';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { startBucket } from './bucket.ts';

const passphrase = 'five words nobody else would say';

describe('a backup of a vault in a bucket', async () => {
  const bucket = await startBucket();
  const elsewhere = { ...bucket.environment, TIDEWAITER_S3_PREFIX: 'second/' };
  const data = newDataFolder();
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-s3-backup-'));
  const passphraseFile = join(folder, 'passphrase');
  const [whole, light] = [join(folder, 'whole.tar'), join(folder, 'light.tar')];
  const servers: Serving[] = [];
  const names = (): string[] =>
    readdirSync(join(bucket.folder, 'vault')).flatMap(
      (file) => /^(\w{32})\._S3rver_object$/.exec(file)?.[1] ?? [],
    );
  const run = (to: string, env: NodeJS.ProcessEnv, ...words: string[]): Promise<Answer> =>
    tidewaiter(to, [...words, '--passphrase-file', passphraseFile], { env });

  before(async () => {
    chmodSync(folder, 0o711);
    writeFileSync(passphraseFile, `${passphrase}\n`);
    const serving = await startServing(data, bucket.environment);
    servers.push(serving);
    const client = new Client(serving.url);
    const [login, password] = ['first-admin', 'seven tides at the quiet pier'];
    await client.call('POST', '/first-run', { code: serving.firstRunCode, login, name: 'Admin', password });
    await client.enrol(login, password);
    await client.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'America/New_York' });
    const opened = await client.call('POST', '/cases', { site: 'pier', use: 'redaction', title: 'One' });
    for (const size of [100, 12_000_000]) {
      const path = `/cases/${String(opened.body['id'])}/assets?name=long.bin`;
      const headers = { 'content-type': 'application/octet-stream' };
      const uploaded = await client.raw('POST', path, { body: randomBytes(size), headers });
      assert.equal(uploaded.status, 201);
    }
    for (const words of [
      ['backup', whole],
      ['backup', light, '--leave-objects'],
    ]) {
      const answer = await run(data, bucket.environment, ...words);
      assert.equal(answer.code, 0, answer.stderr);
    }
    await serving.stop();
  });
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
    rmSync(folder, { recursive: true, force: true });
  });

  test('brings the objects along, and comes back into files', async () => {
    assert.equal(names().length, 2);
    const other = join(folder, 'files');
    const answer = await run(other, {}, 'restore', whole);
    assert.equal(answer.code, 0, answer.stderr);
    for (const name of names())
      assert.ok(
        readFileSync(join(other, 'vault', name.slice(0, 2), name.slice(2, 4), name)).equals(
          readFileSync(bucket.pathOf(name)),
        ),
      );
  });

  test('comes back into another place of a bucket, but not over other objects', async () => {
    const answer = await run(join(folder, 'second'), elsewhere, 'restore', whole);
    assert.equal(answer.code, 0, answer.stderr);
    for (const name of names())
      assert.ok(
        readFileSync(join(bucket.folder, 'second', `${name}._S3rver_object`)).equals(
          readFileSync(bucket.pathOf(name)),
        ),
      );
    const [changed = ''] = names();
    writeFileSync(join(bucket.folder, 'second', `${changed}._S3rver_object`), 'something else');
    const refused = await run(join(folder, 'fourth'), elsewhere, 'restore', whole);
    assert.match(refused.stderr, /^E_RESTORE: The object store already holds another object/m);
  });

  test('that left its objects in the bucket is small and needs them there; one that has them finds them equal', async () => {
    assert.ok(statSync(light).size < 2_000_000 && statSync(whole).size > 12_000_000);
    for (const file of [light, whole]) {
      const answer = await run(join(folder, `over-${file === light}`), bucket.environment, 'restore', file);
      assert.equal(answer.code, 0, answer.stderr);
    }
    const refused = await run(join(folder, 'without'), {}, 'restore', light);
    assert.match(refused.stderr, /^E_RESTORE: .* 2 of them are not where the settings look/m);
    const files = await run(data, {}, 'backup', join(folder, 'no.tar'), '--leave-objects');
    assert.match(files.stderr, /^E_BACKUP: Objects can be left in a bucket only/m);
  });
});
