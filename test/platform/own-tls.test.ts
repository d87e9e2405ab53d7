import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createApp } from '../../src/server/app.ts';
import { openHouse } from './attack/house.ts';
import { newDataFolder, removeDataFolder } from './serving.ts';

const folder = newDataFolder();
after(() => removeDataFolder(folder));
const pair = (name: string): { certificate: string; key: string } => {
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const made = ['-keyout', files.key, '-out', files.certificate, '-days', '2', '-subj', '/CN=127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...made, '-addext', 'subjectAltName=IP:127.0.0.1'], {
    stdio: 'ignore',
  });
  return files;
};
const tls = pair('own');
const house = await openHouse({ settings: (usual) => ({ ...usual, tls }) });

function ask(url: string, ca?: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
}

describe('a server with a certificate of its own', () => {
  test('answers over TLS to who trusts it, and to nobody without TLS', async () => {
    const path = `127.0.0.1:${house.port}/healthz`;
    assert.equal(await ask(`https://${path}`, readFileSync(tls.certificate)), 200);
    await assert.rejects(ask(`https://${path}`), /self-signed certificate/);
    await assert.rejects(fetch(`http://${path}`));
  });

  test('does not start with files that are no good, and says which', async () => {
    const start = (wrong: Partial<typeof tls>): Promise<unknown> =>
      createApp(
        { ...house.platform, settings: { ...house.platform.settings, tls: { ...tls, ...wrong } } },
        () => undefined,
      );
    const missing = join(folder, 'missing.key');
    await assert.rejects(start({ key: missing }), {
      code: 'E_SETTINGS',
      message: `The file ${missing} of tls.key cannot be read (ENOENT)`,
    });
    const text = join(folder, 'text.key');
    writeFileSync(text, 'no key at all');
    for (const key of [text, pair('other').key])
      await assert.rejects(start({ key }), { code: 'E_SETTINGS', message: new RegExp(`and ${key} \\(ERR_`) });
  });
});
