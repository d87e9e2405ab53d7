import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { answer, openOffice, pieceHeaders, Sender, type Told } from './office.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const code = ({ text }: Told): string => (JSON.parse(text) as { code: string }).code;

const office = await openOffice({ uploads: { largestGigabytes: 0.3 } });
const officer = new Sender(office.port, await office.person('officer', 'pier'));
const caseId = await office.newCase('pier');

describe('uploads in pieces', () => {
  test('a file in odd pieces is the asset, byte for byte, with its event', async () => {
    const bytes = randomBytes(1_300_007);
    const path = await officer.begin(caseId, bytes.length, 'Hof & Küste.mp4');
    let offset = 0;
    let told: Told | undefined;
    for (const size of [1, 0, 262_144, 99_991, 700_001, 237_870]) {
      told = await officer.piece(path, offset, bytes.subarray(offset, offset + size));
      offset += size;
      assert.deepEqual([told.status, told.headers['upload-offset']], [204, String(offset)]);
      assert.equal(told.headers['tus-resumable'], '1.0.0');
      if (offset < bytes.length) assert.ok(Date.parse(told.headers['upload-expires'] as string) > Date.now());
    }
    const id = told?.headers['tidewaiter-asset'] as string;
    const asset = JSON.parse((await officer.call('GET', `/api/v1/assets/${id}`)).text) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [asset['name'], asset['sha256'], asset['bytes'], asset['case']],
      ['Hof & Küste.mp4', sha256(bytes), bytes.length, caseId],
    );
    assert.deepEqual(await office.platform.vault.verify(id), { sha256: sha256(bytes), bytes: bytes.length });
    const events = await office.platform.db.selectFrom('ledger_outbox').select('event').execute();
    const received = events.map(({ event }) => event as { kind: string; subjects: { asset?: string } });
    assert.equal(
      received.filter(({ kind, subjects }) => kind === 'asset.received' && subjects.asset === id).length,
      1,
    );
    // Who lost the last answer asks, and hears that all is there.
    const asked = await officer.call('HEAD', path);
    assert.deepEqual(
      [asked.status, asked.headers['upload-offset'], asked.headers['tidewaiter-asset']],
      [200, String(bytes.length), id],
    );
    assert.equal(asked.headers['cache-control'], 'no-store');
    const ended = await officer.call('DELETE', path);
    assert.deepEqual([ended.status, code(ended)], [409, 'E_UPLOAD_DONE']);
  });

  test('an empty file is whole as soon as it is begun', async () => {
    const told = await officer.call('POST', `/api/v1/cases/${caseId}/uploads`, {
      'upload-length': 0,
      'upload-metadata': 'filename bm90ZXMudHh0,unused',
    });
    assert.equal(told.status, 201);
    const id = told.headers['tidewaiter-asset'] as string;
    assert.equal((await office.platform.vault.verify(id)).bytes, 0);
  });

  test('a connection that breaks in the middle of a piece loses nothing that was taken', async () => {
    const bytes = randomBytes(3_000_000);
    const path = await officer.begin(caseId, bytes.length);
    let offset = 0;
    for (let broken = 0; broken < 3; broken++) {
      const sent = officer.open('PATCH', path, {
        ...pieceHeaders(offset),
        'content-length': bytes.length - offset,
      });
      sent.on('error', () => undefined);
      sent.write(bytes.subarray(offset, offset + 700_001));
      const before = offset;
      while (offset === before) {
        await sleep(10);
        offset = Number((await officer.call('HEAD', path)).headers['upload-offset']);
      }
      sent.destroy();
      offset = await rested(officer, path);
    }
    assert.ok(offset > 0 && offset < bytes.length, String(offset));
    const told = await officer.piece(path, offset, bytes.subarray(offset));
    assert.equal(told.status, 204, told.text);
    const id = told.headers['tidewaiter-asset'] as string;
    assert.equal((await office.platform.vault.verify(id)).sha256, sha256(bytes));
  });

  test('a connection that breaks after the last byte leaves a whole asset', async () => {
    const bytes = randomBytes(50_000);
    const path = await officer.begin(caseId, bytes.length);
    // Without a length the server cannot know that nothing more comes.
    const sent = officer.open('PATCH', path, { ...pieceHeaders(0), 'transfer-encoding': 'chunked' });
    sent.on('error', () => undefined);
    sent.write(bytes);
    await sleep(200);
    sent.destroy();
    let id: string | undefined;
    while (id === undefined) id = (await officer.call('HEAD', path)).headers['tidewaiter-asset'] as string;
    assert.equal((await office.platform.vault.verify(id)).sha256, sha256(bytes));
  });

  test('pieces elsewhere than at the offset are refused and change nothing', async () => {
    const path = await officer.begin(caseId, 100);
    assert.equal((await officer.piece(path, 0, Buffer.alloc(40, 1))).status, 204);
    for (const wrong of [0, 39, 41, 100]) {
      const told = await officer.piece(path, wrong, Buffer.alloc(1));
      assert.deepEqual([told.status, code(told)], [409, 'E_UPLOAD_OFFSET']);
      assert.equal(told.headers['tus-resumable'], '1.0.0');
    }
    for (const wrong of ['-1', '1e1', '0x10', '99999999999999999', '']) {
      const told = await officer.call(
        'PATCH',
        path,
        { ...pieceHeaders(0), 'upload-offset': wrong },
        Buffer.alloc(1),
      );
      assert.deepEqual([told.status, code(told)], [400, 'E_REQUEST'], wrong);
    }
    assert.equal((await officer.call('HEAD', path)).headers['upload-offset'], '40');
  });

  test('a conversation that is sent again changes nothing and makes no second asset', async () => {
    const bytes = randomBytes(90_000);
    const path = await officer.begin(caseId, bytes.length);
    const pieces = [0, 30_000, 60_000].map((offset) => ({
      ...{ offset, body: bytes.subarray(offset, offset + 30_000) },
    }));
    for (const { offset, body } of pieces)
      assert.equal((await officer.piece(path, offset, body)).status, 204);
    const assets = async (): Promise<number> =>
      (await office.platform.db.selectFrom('assets').select('id').execute()).length;
    const [count, files, id] = [await assets(), office.vaultFiles().length, path.split('/').at(-1) ?? ''];
    for (const { offset, body } of pieces) {
      for (const again of [body, Buffer.alloc(30_000, 7)]) {
        const told = await officer.piece(path, offset, again);
        assert.ok([409, 410].includes(told.status), `${offset}: ${told.status} ${told.text}`);
      }
    }
    const past = await officer.piece(path, bytes.length, Buffer.alloc(10));
    assert.ok([409, 410, 413].includes(past.status), `${past.status} ${past.text}`);
    await officer.call('DELETE', path);
    assert.deepEqual([await assets(), office.vaultFiles().length], [count, files]);
    assert.equal((await office.platform.vault.verify(id)).sha256, sha256(bytes));
  });

  test('of two who send at once one waits for another day', async () => {
    const path = await officer.begin(caseId, 100);
    const first = officer.open('PATCH', path, { ...pieceHeaders(0), 'content-length': 100 });
    const told = answer(first);
    first.write(Buffer.alloc(10));
    await sleep(200);
    const second = await officer.piece(path, 10, Buffer.alloc(90));
    assert.deepEqual([second.status, code(second)], [423, 'E_UPLOAD_BUSY']);
    first.end(Buffer.alloc(90));
    assert.equal((await told).status, 204);
  });

  test('what is too large is refused before it is sent, and when it grows on the way', async () => {
    const large = await officer.call('POST', `/api/v1/cases/${caseId}/uploads`, {
      'upload-length': 300_000_001,
      'upload-metadata': 'filename YQ==',
    });
    assert.deepEqual([large.status, code(large)], [413, 'E_TOO_LARGE']);
    const path = await officer.begin(caseId, 100);
    assert.equal((await officer.piece(path, 0, Buffer.alloc(101))).status, 413);
    assert.equal((await officer.piece(path, 0, Buffer.alloc(60))).status, 204, 'it can still be finished');
    const files = office.vaultFiles().length;
    const grown = officer.open('PATCH', path, { ...pieceHeaders(60), 'transfer-encoding': 'chunked' });
    const told = answer(grown);
    grown.end(Buffer.alloc(41));
    assert.deepEqual([(await told).status, code(await told)], [413, 'E_TOO_LARGE']);
    assert.equal((await officer.call('HEAD', path)).status, 404);
    assert.equal(office.vaultFiles().length, files - 1);
  });

  test('one that is given up leaves nothing, even while it is sent', async () => {
    const files = office.vaultFiles().length;
    const path = await officer.begin(caseId, 5_000_000);
    assert.equal((await officer.piece(path, 0, randomBytes(2_000_000))).status, 204);
    assert.equal(office.vaultFiles().length, files + 1);
    const sending = officer.open('PATCH', path, { ...pieceHeaders(2_000_000), 'content-length': 3_000_000 });
    const told = answer(sending);
    sending.write(Buffer.alloc(1000));
    await sleep(100);
    assert.equal((await officer.call('DELETE', path)).status, 204);
    sending.end(Buffer.alloc(2_999_000));
    assert.deepEqual([(await told).status, code(await told)], [410, 'E_UPLOAD_ENDED']);
    assert.equal(office.vaultFiles().length, files);
    for (const method of ['HEAD', 'DELETE']) assert.equal((await officer.call(method, path)).status, 404);
  });

  test('nobody else sees it, and who may only look at a case begins none', async () => {
    const path = await officer.begin(caseId, 10);
    const elsewhere = new Sender(office.port, await office.person('admin', 'quay'));
    const colleague = new Sender(office.port, await office.person('supervisor', 'pier'));
    for (const other of [elsewhere, colleague]) {
      assert.equal((await other.call('HEAD', path)).status, 404);
      assert.equal((await other.call('DELETE', path)).status, 404);
      assert.equal((await other.piece(path, 0, Buffer.alloc(10))).status, 404);
    }
    const metadata = { 'upload-length': 1, 'upload-metadata': 'filename YQ==' };
    const begin = `/api/v1/cases/${caseId}/uploads`;
    assert.equal((await elsewhere.call('POST', begin, metadata)).status, 404);
    const viewer = new Sender(office.port, await office.person('viewer', 'pier'));
    assert.equal((await viewer.call('POST', begin, metadata)).status, 403);
    const reader = new Sender(office.port, await office.person('officer', 'pier', ['read']));
    assert.equal((await reader.call('POST', begin, metadata)).status, 403);
    assert.equal((await officer.piece(path, 0, Buffer.alloc(10))).status, 204);
  });

  test('a case that was closed meanwhile takes nothing more', async () => {
    const closing = await office.newCase('pier');
    const path = await officer.begin(closing, 10);
    await office.platform.db
      .updateTable('cases')
      .set({ state: 'closed' })
      .where('id', '=', closing)
      .execute();
    const told = await officer.piece(path, 0, Buffer.alloc(10));
    assert.equal(code(told), 'E_CASE_CLOSED');
    await officer.call('DELETE', path);
  });

  test('what it speaks is said, and what it does not speak is refused', async () => {
    const begin = `/api/v1/cases/${caseId}/uploads`;
    const options = await officer.call('OPTIONS', begin);
    assert.deepEqual(
      [options.status, options.headers['tus-version'], options.headers['tus-extension']],
      [204, '1.0.0', 'creation,termination,expiration'],
    );
    assert.equal(options.headers['tus-max-size'], '300000000');
    const old = await officer.call('POST', begin, { 'tus-resumable': '0.2.2' });
    assert.deepEqual([old.status, code(old), old.headers['tus-version']], [412, 'E_TUS_VERSION', '1.0.0']);
    const path = await officer.begin(caseId, 10);
    const plain = { 'content-type': 'application/octet-stream', 'upload-offset': 0 };
    const told = await officer.call('PATCH', path, plain, Buffer.alloc(10));
    assert.deepEqual([told.status, code(told)], [415, 'E_MEDIA_TYPE']);
    const name = (text: string): string => `filename ${Buffer.from(text).toString('base64')}`;
    for (const metadata of [
      ...[
        '',
        'filename',
        'filename ',
        'filetype YQ==',
        'filename YQ==,filename YQ==',
        'filename not-base64',
        'filename /w==',
      ],
      ...[name('../a'), name('a\\b'), name('a\nb'), name('\u202eexe.mp4'), name('..'), name('a'.repeat(256))],
    ]) {
      const refused = await officer.call('POST', begin, { 'upload-length': 1, 'upload-metadata': metadata });
      assert.deepEqual([refused.status, code(refused)], [400, 'E_REQUEST'], metadata);
    }
  });

  test('nobody has more than twenty open', async () => {
    const hoarder = new Sender(office.port, await office.person('officer', 'pier'));
    const paths = await Promise.all(Array.from({ length: 20 }, () => hoarder.begin(caseId, 10)));
    await assert.rejects(hoarder.begin(caseId, 10), /429.*E_UPLOADS_OPEN/s);
    await officer.call('DELETE', await officer.begin(caseId, 10));
    assert.equal((await hoarder.call('DELETE', paths[0] ?? '')).status, 204);
    paths.push(await hoarder.begin(caseId, 10));
    for (const path of paths.slice(1)) await hoarder.call('DELETE', path);
  });

  test('200 MB go through in little memory', async () => {
    const piece = randomBytes(1_000_000);
    const path = await officer.begin(caseId, 200_000_000);
    const held = (): number => {
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      return heapUsed + Math.max(external, arrayBuffers);
    };
    const start = held();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, held())), 5);
    const sent = officer.open('PATCH', path, { ...pieceHeaders(0), 'content-length': 200_000_000 });
    const told = answer(sent);
    for (let count = 0; count < 200; count++) if (!sent.write(piece)) await once(sent, 'drain');
    sent.end();
    assert.equal((await told).status, 204);
    clearInterval(watch);
    assert.ok(most - start < 100_000_000, `${most - start} bytes more at once`);
  });

  test('a server that stops keeps what came, and goes at once', async () => {
    const path = await officer.begin(caseId, 1000);
    const sending = officer.open('PATCH', path, { ...pieceHeaders(0), 'content-length': 1000 });
    const told = answer(sending).then(
      ({ status }) => status,
      () => 503,
    );
    sending.write(Buffer.alloc(10));
    await sleep(100);
    const begun = Date.now();
    const files = office.vaultFiles().length;
    await office.stop();
    assert.equal(await told, 503);
    assert.ok(Date.now() - begun < 15_000);
    assert.equal(office.vaultFiles().length, files);
  });
});

/** Where an upload stands once the server has noticed that its sender left. */
async function rested(sender: Sender, path: string): Promise<number> {
  for (;;) {
    const { headers } = await sender.call('HEAD', path);
    const offset = Number(headers['upload-offset']);
    const probe = await sender.piece(path, offset, Buffer.alloc(0));
    if (probe.status === 204) return offset;
    await sleep(20);
  }
}
