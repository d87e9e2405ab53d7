import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { needs } from '../../../test/needs.ts';
import { readSettings, type Settings } from '../../platform/settings/settings.ts';
import type { Finding } from './check.ts';
import { checkPolicies, checkSyslog, checkWitness } from './surroundings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-doctor-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function settings(text: string): Promise<Settings> {
  const file = join(folder, 'tidewaiter.yaml');
  writeFileSync(file, text);
  return readSettings({ TIDEWAITER_DATA: folder }, folder);
}

describe('the doctor looks at the witness of the ledger', () => {
  const of = async (file: string): Promise<Finding[]> =>
    checkWitness(await settings(`ledger:\n  witness: ${file}\n`));

  test('which need not be there, but must be possible; nothing is written', async () => {
    assert.deepEqual(await checkWitness(await settings('')), []);
    const file = join(folder, 'heads');
    assert.match((await of(file))[0]?.found ?? '', /heads is made with the first head/);
    assert.ok(!existsSync(file));
    writeFileSync(file, 'a head\n');
    assert.deepEqual(await of(file), [{ what: 'witness', state: 'ok', found: file }]);
    assert.equal(readFileSync(file, 'utf8'), 'a head\n');
  });

  test('and says why it cannot be written', async () => {
    mkdirSync(join(folder, 'a-folder'));
    const [isFolder] = await of(join(folder, 'a-folder'));
    const [nowhere] = await of(join(folder, 'no/such/file'));
    assert.match(isFolder?.found ?? '', /is a folder/);
    assert.match(nowhere?.found ?? '', /cannot be written \(ENOENT\)/);
    for (const finding of [isFolder, nowhere]) {
      assert.equal(finding?.state, 'fail');
      assert.match(finding.remedy ?? '', /ledger\.witness/);
    }
  });
});

test('the doctor reads the policies of the agency, and says which is broken and where', async () => {
  const [good, broken] = [join(folder, 'good.yaml'), join(folder, 'broken.yaml')];
  const provision = "{ id: a, title: A, section: '1', shownBy: { charter: [purpose] }, waivable: false }";
  const words = 'title: T, issuer: I, source: S, effective: 2026-05-01';
  writeFileSync(good, `{ schema: 1, id: port, version: 2026-05, ${words}, provisions: [${provision}] }`);
  writeFileSync(broken, 'schema: 1\nid: 7\n');
  const gone = join(folder, 'gone.yaml');
  assert.deepEqual(await checkPolicies(await settings('')), []);
  const found = await checkPolicies(await settings(`policies: [${[good, broken, gone].join()}]`));
  assert.deepEqual(
    found.map(({ state }) => state),
    ['ok', 'fail', 'fail'],
  );
  assert.match(found[0]?.found ?? '', /good\.yaml: port of 2026-05/);
  assert.match(found[1]?.found ?? '', /broken\.yaml is no policy: id/);
  assert.match(found[2]?.found ?? '', /no file .*gone\.yaml/);
});

describe('the doctor connects to the receiver of the log', () => {
  const received: Buffer[] = [];
  async function listening(server: Server): Promise<number> {
    server.on('connection', (socket) => socket.on('data', (chunk: Buffer) => received.push(chunk)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    after(() => server.close());
    return (server.address() as AddressInfo).port;
  }
  const of = async (url: string, more = ''): Promise<Finding | undefined> =>
    (await checkSyslog(await settings(`log:\n  syslog:\n    url: ${url}\n${more}`)))[0];

  test('over TCP, and sends nothing', async () => {
    assert.deepEqual(await checkSyslog(await settings('')), []);
    const server = createServer();
    const url = `tcp://127.0.0.1:${await listening(server)}`;
    assert.deepEqual(await of(url), { what: 'syslog', state: 'ok', found: `${url} takes connections` });
    assert.deepEqual(received, []);
    server.close();
    const gone = await of(url);
    assert.equal(gone?.state, 'fail');
    assert.match(gone.found, /does not answer \(.*ECONNREFUSED/);
  });

  test('over TLS, as who does not trust its certificate, and as who does', async (t) => {
    if (!needs(t, 'openssl')) return;
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-keyout', key ?? '', '-out', cert ?? '', '-days', '2', '-subj', '/CN=siem'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1'],
      ],
      { stdio: 'ignore' },
    );
    const server = createTlsServer({ key: readFileSync(key ?? ''), cert: readFileSync(cert ?? '') });
    server.on('tlsClientError', () => undefined);
    const url = `tls://127.0.0.1:${await listening(server)}`;
    const stranger = await of(url);
    assert.equal(stranger?.state, 'fail');
    assert.match(stranger.found, /self-signed certificate/);
    assert.equal((await of(url, `    ca: ${cert}\n`))?.state, 'ok');
    assert.match((await of(url, `    ca: ${folder}/none.pem\n`))?.found ?? '', /none\.pem .* cannot be read/);
  });

  test('over UDP it says that nobody can know', async () => {
    assert.match((await of('udp://127.0.0.1:514'))?.found ?? '', /nobody knows whether it arrives/);
  });
});
