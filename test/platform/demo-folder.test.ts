import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { projectRoot } from '../needs.ts';
import { Client, newDataFolder, removeDataFolder, startServing } from './serving.ts';

async function demo(folder: string): Promise<{ readonly code: number | null; readonly errors: string }> {
  const child = spawn(process.execPath, [join(projectRoot, 'scripts/demo.ts'), '--serve', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TIDEWAITER_PORT: '0' },
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, errors };
}

test('the demonstration says in one line that a folder is not its own, and ends', async () => {
  const data = newDataFolder();
  after(() => removeDataFolder(data));
  const serving = await startServing(data);
  const first = {
    login: 'first-admin',
    name: 'First administrator',
    password: 'seven tides at the quiet pier',
  };
  await new Client(serving.url).call('POST', '/first-run', { code: serving.firstRunCode, ...first });
  await serving.stop();
  const people = join(data, 'demo-material', 'people.json');
  mkdirSync(join(data, 'demo-material'));
  // The first start of a demonstration was broken off while it made its people.
  for (const text of [undefined, '[{"login": 7']) {
    if (text !== undefined) writeFileSync(people, text);
    const { code, errors } = await demo(data);
    assert.equal(code, 2, errors);
    assert.match(errors, /^E_DATA_FOLDER: .*people\.json.*\n$/);
  }
  const file = join(data, 'a-file');
  writeFileSync(file, 'x');
  const { code, errors } = await demo(file);
  assert.equal(code, 2, errors);
  assert.match(errors, /^E_DATA_FOLDER: .*it is a file.*\n$/);
});
