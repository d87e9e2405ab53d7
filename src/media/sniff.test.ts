import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { needs } from '../../test/needs.ts';
import { sniffBytes, sniffFile } from './sniff.ts';

describe('sniffFile', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidewaiter-sniff-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('knows pictures whatever they are called', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'] as const) {
      const path = join(folder, `${format}.mp4`);
      await sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } })
        .toFormat(format)
        .toFile(path);
      assert.deepEqual(await sniffFile(path), { kind: 'picture', format });
    }
  });

  test('knows what ffmpeg writes', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const picture = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=1,format=yuv420p'];
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=0.3'];
    const expected: [string, string[], string, string][] = [
      ['a.mp4', picture, 'video', 'mp4'],
      ['a.mov', picture, 'video', 'mov'],
      ['a.mkv', picture, 'video', 'matroska'],
      ['a.webm', picture, 'video', 'matroska'],
      ['a.avi', picture, 'video', 'avi'],
      ['a.ts', picture, 'video', 'mpeg-ts'],
      ['a.m2ts', picture, 'video', 'mpeg-ts'],
      ['a.mpg', picture, 'video', 'mpeg-ps'],
      ['a.flv', picture, 'video', 'flv'],
      ['a.wmv', picture, 'video', 'asf'],
      ['a.mxf', picture, 'video', 'mxf'],
      ['a.h264', picture, 'video', 'h264'],
      ['a.hevc', picture, 'video', 'h265'],
      ['a.y4m', picture, 'video', 'y4m'],
      ['a.m2v', picture, 'video', 'mpeg-video'],
      ['a.bmp', picture, 'picture', 'bmp'],
      ['a.wav', sound, 'audio', 'wav'],
      ['a.mp3', sound, 'audio', 'mp3'],
      ['a.flac', sound, 'audio', 'flac'],
      ['a.ogg', sound, 'audio', 'ogg'],
      ['a.aac', sound, 'audio', 'aac'],
      ['a.m4a', sound, 'audio', 'm4a'],
    ];
    for (const [name, input, kind, format] of expected) {
      const path = join(folder, name);
      const rate =
        name.endsWith('.mxf') || name.endsWith('.mpg') || name.endsWith('.m2v') ? ['-r', '25'] : [];
      const frames = name.endsWith('.bmp') ? ['-frames:v', '1', '-update', '1'] : [];
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...rate, ...frames, path], {
        stdio: ['ignore', 'ignore', 'ignore'],
      });
      assert.deepEqual(await sniffFile(path), { kind, format }, name);
    }
  });

  test('knows documents, text and nothing', async () => {
    const write = (name: string, bytes: string | Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    };
    assert.deepEqual(await sniffFile(write('a.jpg', '%PDF-1.7\n')), { kind: 'document', format: 'pdf' });
    assert.deepEqual(await sniffFile(write('b.jpg', 'Zoé\n'.repeat(3000))), { kind: 'text', format: 'text' });
    assert.deepEqual(await sniffFile(write('c.jpg', '')), { kind: 'empty', format: 'empty' });
    assert.deepEqual(await sniffFile(write('d.jpg', '<?xml version="1.0"?><svg xmlns="x"/>')), {
      kind: 'picture',
      format: 'svg',
    });
    assert.equal((await sniffFile(write('e.jpg', Uint8Array.of(1, 2, 3, 0, 4)))).kind, 'unknown');
  });

  test('refuses what is not a file, by name', async () => {
    await assert.rejects(sniffFile(join(folder, 'missing')), { code: 'E_NOT_FOUND' });
    await assert.rejects(sniffFile(folder), { code: 'E_NOT_A_FILE' });
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(sniffFile(pipe), { code: 'E_NOT_A_FILE' });
  });

  test('never throws on any short input', () => {
    for (let length = 0; length < 40; length++) {
      for (const byte of [0, 0x47, 0x50, 0x7f, 0xff]) sniffBytes(new Uint8Array(length).fill(byte));
      sniffBytes(Buffer.from('\0\0\0\x08ftypheicmif1'.slice(0, length), 'latin1'));
    }
  });
});
