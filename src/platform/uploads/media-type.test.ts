import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import { needs } from '../../../test/needs.ts';
import { isMisnamed, mediaTypeOf, servedType } from './media-type.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-types-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const text = (content: string): string => mediaTypeOf(Buffer.from(content));

describe('a file is typed by its content', () => {
  test('pictures', async () => {
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } });
    for (const format of ['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif'] as const)
      assert.equal(mediaTypeOf(await picture.clone().toFormat(format).toBuffer()), `image/${format}`);
    assert.equal(text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml');
  });

  test('video and sound, as ffmpeg writes them', (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const made: [string, string, string[]][] = [
      ['a.mp4', 'video/mp4', []],
      ['a.mov', 'video/quicktime', []],
      ['a.mkv', 'video/x-matroska', []],
      ['a.webm', 'video/webm', ['-c:v', 'libvpx']],
      ['a.avi', 'video/x-msvideo', []],
      ['a.ts', 'video/mp2t', []],
      ['a.mpg', 'video/mpeg', ['-c:v', 'mpeg2video']],
      ['a.wmv', 'video/x-ms-asf', ['-c:v', 'wmv2']],
      ['a.wav', 'audio/wav', ['-vn']],
      ['a.flac', 'audio/flac', ['-vn']],
      ['a.m4a', 'audio/mp4', ['-vn']],
    ];
    for (const [name, type, options] of made) {
      const path = join(folder, name);
      const inputs = ['-f', 'lavfi', '-i', 'testsrc=d=0.2:s=64x64', '-f', 'lavfi', '-i', 'sine=d=0.2'];
      const sound = options.includes('-vn') ? [] : ['-an'];
      execFileSync('ffmpeg', ['-loglevel', 'error', ...inputs, ...sound, ...options, path]);
      const head = readFileSync(path);
      assert.equal(mediaTypeOf(head), type, name);
      assert.ok(!isMisnamed(name, type, head.length), name);
    }
  });

  test('documents and archives', (t) => {
    assert.equal(text('%PDF-1.7\n%\u00e2\u00e3\n'), 'application/pdf');
    if (!needs(t, 'python3')) return;
    const zip = join(folder, 'a.zip');
    const write = (names: string): string => {
      const code = `import zipfile,sys\nwith zipfile.ZipFile(sys.argv[1],'w') as z:\n  for n in sys.argv[2].split(): z.writestr(n,'x')`;
      execFileSync('python3', ['-c', code, zip, names]);
      return mediaTypeOf(readFileSync(zip));
    };
    assert.equal(write('a.txt b/c.jpg'), 'application/zip');
    assert.match(write('[Content_Types].xml _rels/.rels word/document.xml'), /wordprocessingml\.document$/);
    assert.match(write('[Content_Types].xml _rels/.rels xl/workbook.xml'), /spreadsheetml\.sheet$/);
    assert.equal(write('[Content_Types].xml other'), 'application/zip');
  });

  test('text, by what it says', () => {
    for (const page of [
      '<!DOCTYPE html><p>x',
      '\n <!-- x --> <HTML lang=en>',
      '\ufeff<script>alert(1)</script>',
      'a,b\n1,<script src=x></script>',
      '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    ])
      assert.equal(text(page), 'text/html', page);
    const wide = Buffer.from('\ufeff<html><body>', 'utf16le');
    assert.equal(mediaTypeOf(wide), 'text/html');
    assert.equal(text('<?xml version="1.0"?><manifest/>'), 'text/xml');
    assert.equal(text('{"a": [1, 2]}'), 'application/json');
    assert.equal(text('[1, 2'), 'text/plain');
    assert.equal(text(`[${'{"id": 1},'.repeat(20_000)}`), 'application/json', 'only the beginning is seen');
    assert.equal(text('name,note\n"Doe, J","two\nlines"\n'), 'text/csv');
    assert.equal(text('a;b\n1;2\n'), 'text/csv');
    assert.equal(text('Dear all,\nwe met, and talked, today.\n'), 'text/plain');
    assert.equal(text('one line, with a comma'), 'text/plain');
    assert.equal(mediaTypeOf(Buffer.from([1, 2, 3, 200, 255, 0])), 'application/octet-stream');
    assert.equal(mediaTypeOf(Buffer.alloc(0)), 'application/octet-stream');
  });
});

test('a name that promises something else is told', () => {
  const html = mediaTypeOf(Buffer.from('<html><script>1</script>'));
  for (const name of ['yard.jpg', 'yard.JPEG', 'clip.mp4', 'report.pdf', 'notes.txt', 'table.csv', 'x.svg'])
    assert.ok(isMisnamed(name, html, 10), name);
  for (const name of ['page.html', 'page.htm', 'page', 'page.unknown', 'export.dav'])
    assert.ok(!isMisnamed(name, html, 10), name);
  assert.ok(isMisnamed('a.png', 'image/jpeg', 10) && !isMisnamed('a.png', 'image/png', 10));
  assert.ok(isMisnamed('a.jpg', 'application/octet-stream', 10), 'what is not recognised is no JPEG');
  assert.ok(!isMisnamed('a.jpg', 'application/octet-stream', 0), 'an empty file is nothing yet');
  assert.ok(!isMisnamed('a.mov', 'video/mp4', 10) && !isMisnamed('old.csv', 'application/octet-stream', 10));
});

test('what a browser would run is sent as what it does not run', () => {
  for (const type of ['text/html', 'text/xml', 'image/svg+xml'])
    assert.equal(servedType(type), 'application/octet-stream');
  for (const type of ['image/jpeg', 'video/mp4', 'application/pdf', 'text/plain'])
    assert.equal(servedType(type), type);
});
