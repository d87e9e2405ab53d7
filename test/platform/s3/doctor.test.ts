import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { readSettings } from '../../../src/platform/settings/settings.ts';
import type { Finding } from '../../../src/server/doctor/check.ts';
import { checkStorage } from '../../../src/server/doctor/storage.ts';
import { keys, startBucket } from './bucket.ts';

describe('the doctor looks at the bucket of the vault', async () => {
  const data = mkdtempSync(join(tmpdir(), 'tidewaiter-s3-doctor-'));
  after(() => rmSync(data, { recursive: true, force: true }));
  const bucket = await startBucket();
  const plain = await startBucket({ complete: false });

  async function finds(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
    const settings = await readSettings({ TIDEWAITER_DATA: data, ...environment }, data);
    return (await checkStorage(settings)).filter(({ what }) => what === 'vault');
  }
  const fails = async (environment: NodeJS.ProcessEnv, found: RegExp): Promise<void> => {
    const [finding] = await finds(environment);
    assert.equal(finding?.state, 'fail', JSON.stringify(finding));
    assert.match(finding.found, found);
    assert.notEqual(finding.remedy ?? '', '');
  };

  test('and says what it can do, leaving nothing', async () => {
    const [one, ...more] = await finds(bucket.environment);
    assert.deepEqual([one?.state, more], ['ok', []]);
    assert.match(one?.found ?? '', /the bucket objects takes, gives and deletes .* refuses to write over/);
    const [other, unfinished] = await finds(plain.environment);
    assert.match(other?.found ?? '', /is looked at before and after/);
    assert.equal(unfinished?.state, 'warn');
    assert.match(unfinished.remedy ?? '', /incomplete multipart uploads/);
    assert.deepEqual([...bucket.files(), ...plain.files()], []);
  });

  test('and what is wrong with it', async () => {
    await fails({ ...bucket.environment, TIDEWAITER_S3_BUCKET: 'nowhere' }, /no such bucket/);
    await fails(
      { ...bucket.environment, TIDEWAITER_S3_ENDPOINT: 'http://127.0.0.1:9' },
      /does not answer \(ECONNREFUSED\)/,
    );
    mkdirSync(join(data, 'vault', 'ab'), { recursive: true });
    assert.match((await finds(bucket.environment)).at(-1)?.found ?? '', /files of before lie in/);
    rmSync(join(data, 'vault'), { recursive: true });
  });

  test('and at the file with its credentials', async () => {
    const file = join(data, 'credentials');
    const environment = { ...bucket.environment, TIDEWAITER_S3_CREDENTIALS_FILE: file };
    await fails(environment, /cannot be read \(ENOENT\)/);
    writeFileSync(file, '[default]\naws_access_key_id = S3RVER\n');
    await fails(environment, /Others may read/);
    chmodSync(file, 0o600);
    await fails(environment, /lacks aws_access_key_id or aws_secret_access_key/);
    writeFileSync(file, '[default]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n');
    for (const name of Object.keys(keys)) Reflect.deleteProperty(process.env, name);
    assert.equal((await finds(environment))[0]?.state, 'ok');
    await fails(bucket.environment, /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set/);
  });
});
