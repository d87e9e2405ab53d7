import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { ask } from '../attack/house.ts';
import { until, workFolders } from '../attack/redactions.ts';
import { signedIn } from '../attack/writers.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';

const data = newDataFolder();
let serving: Serving | undefined;
let headers: Record<string, string> = {};
after(async () => {
  await serving?.stop();
  removeDataFolder(data);
});

function chunk(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  crc.writeUInt32BE(crc32(bytes));
  return Buffer.concat([length, bytes, crc]);
}

/** A PNG that says it is so large, one grey byte a pixel, and holds so many bytes of zeros (ISO/IEC 15948). */
function png(width: number, height: number, zeros: number, more: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(zeros), { level: 9 }));
  return Buffer.concat([signature, chunk('IHDR', header), more, pixels, chunk('IEND', Buffer.alloc(0))]);
}

/** Text that is compressed a thousandfold. */
function compressedText(bytes: number): Buffer {
  const body = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes, 65))]);
  return chunk('zTXt', body);
}

describe('a small file that becomes large', () => {
  before(async () => {
    serving = await startServing(data);
    headers = await signedIn(serving);
  });

  const cases: readonly (readonly [name: string, bytes: () => Buffer, codes: readonly string[]])[] = [
    [
      'a picture of 50,000 by 50,000',
      () => png(50_000, 50_000, 300_000_000),
      ['E_PICTURE_SIZE', 'E_UNREADABLE'],
    ],
    [
      'one that claims two thousand million columns',
      () => png(0x7fff_ffff, 1, 1_000),
      ['E_PICTURE_SIZE', 'E_UNREADABLE'],
    ],
    [
      'pixels that go on behind the last line, and a text of 300 MB',
      () => png(64, 64, 300_000_000, compressedText(300_000_000)),
      ['done', 'E_UNREADABLE', 'E_PICTURE_SIZE'],
    ],
  ];
  for (const [name, bytes, expected] of cases)
    test(`${name} ends its job with an answer, and nothing else`, async () => {
      const { url } = serving!;
      const post = async (path: string, body: unknown, type?: string): Promise<Record<string, string>> => {
        const more = type === undefined ? {} : { 'content-type': type };
        const request = { method: 'POST', path: `/api/v1${path}`, body, headers: { ...headers, ...more } };
        return JSON.parse((await ask({ url }, request)).text) as Record<string, string>;
      };
      const { id } = await post('/cases', { site: 'pier', use: 'redaction', title: name });
      const file = new Uint8Array(bytes());
      const asset = await post(`/cases/${id}/assets?name=a.png`, file, 'application/octet-stream');
      const { job } = await post('/redaction/jobs', { asset: asset['id'], profile: 'fast' });
      const read = async (): Promise<{
        state: string;
        finishedAt: unknown;
        error: { code: string } | null;
      }> =>
        JSON.parse((await ask({ url }, { path: `/api/v1/jobs/${job}`, headers })).text) as Awaited<
          ReturnType<typeof read>
        >;
      await until(async () => (await read()).finishedAt !== null, 'the job ended');
      const { state, error } = await read();
      assert.ok(expected.includes(error?.code ?? state), `${state} ${JSON.stringify(error)}`);
      assert.equal((await ask({ url }, { path: '/readyz' })).status, 200);
      await until(() => workFolders(data).length === 0, 'nothing was left in the folder of work');
      assert.ok(readdirSync(join(data, 'vault')).length > 0);
    });
});
