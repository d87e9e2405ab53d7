import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { heicFile } from '../../heic.ts';
import { needs } from '../../needs.ts';
import { descendants } from '../../redaction/program.ts';
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

/** Says other sizes in the boxes of a HEIF file (`ispe`, ISO/IEC 23008-12, 6.5.3), and leaves the coded picture as it is. */
function withExtent(file: Buffer, width: number, height: number): Buffer {
  for (let at = file.indexOf('ispe', 0, 'latin1'); at !== -1; at = file.indexOf('ispe', at + 4, 'latin1')) {
    file.writeUInt32BE(width, at + 8);
    file.writeUInt32BE(height, at + 12);
  }
  return file;
}

interface Ended {
  readonly state: string;
  readonly error: { readonly code: string } | null;
}

/** What a job of a process below the server took at most, in MiB, until `over`. */
async function peakMiB(server: number, over: () => Promise<boolean>): Promise<number> {
  let most = 0;
  await until(async () => {
    for (const pid of descendants(server)) {
      const [status, command] = ['status', 'cmdline'].map((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, 'utf8');
        } catch {
          // It has ended meanwhile.
          return '';
        }
      });
      // Not PostgreSQL, whose shared memory counts for each of its processes.
      if (command?.includes('worker') === true)
        most = Math.max(most, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status ?? '')?.[1] ?? 0) / 1024);
    }
    return over();
  }, 'both jobs ended');
  return most;
}

/** A redaction of a photograph of 25 million pixels takes as much; what these say they are would take ten times as much and more. */
const MOST_MIB = 1200;

describe('a small file that becomes large', () => {
  before(async () => {
    serving = await startServing(data);
    headers = await signedIn(serving);
  });

  const read = async <T>(path: string): Promise<T> =>
    JSON.parse((await ask(serving!, { path: `/api/v1${path}`, headers })).text) as T;
  const post = async (path: string, body: unknown, more = {}): Promise<Record<string, string>> => {
    const request = { method: 'POST', path: `/api/v1${path}`, body, headers: { ...headers, ...more } };
    return JSON.parse((await ask(serving!, request)).text) as Record<string, string>;
  };
  const flat = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(120) };

  const cases: readonly (readonly [
    name: string,
    file: string,
    bytes: () => Promise<Buffer> | Buffer,
    /** The error of the redaction and of the proxies; of what is harmless, what both come to. */
    expected: string,
  ])[] = [
    ['a picture of 50,000 by 50,000', 'a.png', () => png(50_000, 50_000, 300_000_000), 'E_PICTURE_SIZE'],
    ['one that claims 2,000 million columns', 'a.png', () => png(0x7fff_ffff, 1, 1_000), 'E_UNREADABLE'],
    [
      'pixels that go on behind the last line, and a text of 300 MB',
      'a.png',
      () => png(64, 64, 300_000_000, compressedText(300_000_000)),
      'done',
    ],
    [
      'an AVIF of 60,000 by 60,000',
      'a.avif',
      async () => {
        const raw = { width: flat.width, height: flat.height, channels: 3 as const };
        return withExtent(await sharp(flat.rgb, { raw }).avif().toBuffer(), 60_000, 60_000);
      },
      'E_PICTURE_SIZE',
    ],
    [
      'a HEIC of 60,000 by 60,000',
      'a.heic',
      () => withExtent(heicFile(flat), 60_000, 60_000),
      'E_PICTURE_SIZE',
    ],
  ];
  for (const [name, file, bytes, expected] of cases)
    test(`${name} ends its jobs with an answer, in little memory, and nothing else`, async (t) => {
      if (!needs(t, 'ffmpeg')) return;
      const { id } = await post('/cases', { site: 'pier', use: 'redaction', title: name });
      const octets = { 'content-type': 'application/octet-stream' };
      const asset = await post(`/cases/${id}/assets?name=${file}`, new Uint8Array(await bytes()), octets);
      const { job } = await post('/redaction/jobs', { asset: asset['id'], profile: 'fast' });
      const redaction = (): Promise<Ended & { finishedAt: string | null }> => read(`/jobs/${job}`);
      const proxy = (): Promise<Ended> => read(`/assets/${asset['id']}/proxy`);
      const peak = await peakMiB(
        serving!.process.pid!,
        async () =>
          (await redaction()).finishedAt !== null && ['ready', 'failed'].includes((await proxy()).state),
      );
      const { state, error } = await redaction();
      const views = await proxy();
      assert.deepEqual(
        [error?.code ?? state, views.error?.code ?? views.state],
        expected === 'done' ? ['done', 'ready'] : [expected, expected],
      );
      assert.ok(peak > 20 && peak < MOST_MIB, `${peak} MiB`);
      assert.equal((await ask(serving!, { path: '/readyz' })).status, 200);
      await until(() => workFolders(data).length === 0, 'nothing was left in the folder of work');
    });
});
