import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import sharp from 'sharp';
import { needs } from '../../../../test/needs.ts';
import { region } from '../../../../test/redaction-plan.ts';
import { smallPlan, smallRecord } from '../../../../test/sealed-folder.ts';
import type { CheckReport } from '../check/report.ts';
import { writeRedactionPdf, type RecordThumbnail } from './pdf.ts';
import type { RedactionRecord } from './schema.ts';

const check: CheckReport = {
  status: 'needs-review',
  method: { everyFrames: 6, models: [{ id: 'face-model', digest: 'c'.repeat(64), threshold: 0.1 }] },
  frames: { decoded: 1200, detected: 210, read: 80 },
  fills: { tested: 5000, missing: 1 },
  findings: [
    {
      id: 'finding-1',
      kind: 'leftover',
      level: 'leak',
      class: 'face',
      start: 1.5,
      end: 2,
      box: [1, 2, 3, 4],
      frames: 2,
      urgency: 0.9,
      says: 'A face is still to be seen.',
    },
  ],
  unlisted: 3,
};

let folder = '';
let record: RedactionRecord;
let thumbnails: RecordThumbnail[] = [];
let path = '';

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-pdf-'));
  path = join(folder, 'record.pdf');
  // More rows than a page holds, names that XML and fonts do not like, and a picture.
  const many = Array.from({ length: 60 }, (_, index) => region({ id: `face-${index}`, reason: '(b)(6)' }));
  const source = { ...smallPlan().source, file: 'a&b <入口> Łódź.mp4' };
  const plan = smallPlan({ regions: many, source, stamp: 'EVALUATION' });
  const files = smallRecord('a&b <入口> Łódź', Buffer.from('x'));
  record = smallRecord('a&b <入口> Łódź', Buffer.from('x'), { plan, check, permit: { kind: 'evaluation' } });
  assert.equal(record.output.file, files.output.file);
  const jpeg = await sharp({ create: { width: 64, height: 36, channels: 3, background: '#224466' } })
    .jpeg()
    .toBuffer();
  thumbnails = [0, 2.5, 5, 7.5].map((time) => ({ time, jpeg, alt: `Frame with 1 covered face, ${time} s` }));
  writeFileSync(path, await writeRedactionPdf(record, thumbnails));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const ask = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('the record as a PDF', () => {
  test('is the same for the same record', async () => {
    const again = await writeRedactionPdf(record, thumbnails);
    assert.ok(again.equals(await writeRedactionPdf(record, thumbnails)));
    const later = await writeRedactionPdf({ ...record, madeAt: '2027-01-01T00:00:00Z' }, thumbnails);
    assert.equal(later.equals(again), false);
  });

  test('is a sound file', (t: TestContext) => {
    if (!needs(t, 'qpdf')) return;
    assert.match(ask('qpdf', '--check', path), /No syntax or stream encoding errors found/);
  });

  test('says what it is: title, language, tags, PDF/UA', (t: TestContext) => {
    if (!needs(t, 'qpdf', 'pdfinfo')) return;
    const info = ask('pdfinfo', path);
    assert.match(info, /^Title: +Redaction record: a b {2}入口 {2}Łódź\.redacted\.mp4$/m);
    assert.match(info, /^Tagged: +yes$/m);
    assert.match(info, /^CreationDate: +Wed Mar {2}4 05:06:07 2026/m);
    assert.match(ask('pdfinfo', '-meta', path), /<pdfuaid:part>1<\/pdfuaid:part>/);
    const objects = JSON.parse(ask('qpdf', '--json', '--json-key=qpdf', path)) as { qpdf: [unknown, object] };
    const catalog = Object.values(objects.qpdf[1])
      .map((entry) => entry.value)
      .find((value) => value?.['/Type'] === '/Catalog');
    assert.equal(catalog['/Lang'], 'u:en-US');
    assert.ok(catalog['/Outlines'] !== undefined && catalog['/StructTreeRoot'] !== undefined);
    const text = JSON.stringify(objects);
    assert.match(text, /"\/DisplayDocTitle":true/);
    assert.equal(text.match(/"\/Alt":"u:Frame with 1 covered face, [\d.]+ s"/g)?.length, 4);
  });

  test('embeds all of its fonts and maps them to Unicode', (t: TestContext) => {
    if (!needs(t, 'pdfinfo')) return;
    const fonts = ask('pdffonts', path).split('\n').slice(2, -1);
    assert.equal(fonts.length, 3);
    for (const font of fonts) assert.match(font, /Identity-H +yes yes yes/);
  });

  test('has headings, tables with header cells, and words for its pictures', (t: TestContext) => {
    if (!needs(t, 'pdfinfo')) return;
    const structure = ask('pdfinfo', '-struct-text', path);
    assert.equal(structure.match(/^ +H1 /gm)?.length, 1);
    for (const heading of [
      'What was done',
      'Files',
      'Exemptions',
      'Frames of the output',
      'Check of the output',
      'Models and permit',
      'Review and release',
      'How to verify',
    ])
      assert.match(structure, new RegExp(`H2 \\(block\\)\\n +"${heading}"`));
    // Each of the 60 regions is a row that is named by its first cell; titles that are drawn again are read once.
    assert.equal(structure.match(/\/Scope \/Row\n +"face-\d+"/g)?.length, 60);
    assert.equal(structure.match(/\/Scope \/Column\n +"Statutory basis"/g)?.length, 2);
    assert.equal(structure.match(/^ +Figure/gm)?.length, 4);
    assert.equal(structure.includes('Page 1 of'), false);
  });

  test('holds digests, reasons with their law, findings, and what a font lacks as numbers', (t: TestContext) => {
    if (!needs(t, 'pdfinfo')) return;
    const text = ask('pdftotext', '-layout', path, '-');
    for (const part of [
      record.output.sha256,
      record.source.sha256,
      record.plan.sha256,
      '5 U.S.C. 552(b)(6)',
      'A face is still to be seen.',
      'Needs review',
      '3 less urgent ones',
      'EVALUATION',
      'Page 1 of',
      'U+5165',
    ])
      assert.ok(text.includes(part), part);
  });

  test('without check, pictures and regions still says what is not there', async (t: TestContext) => {
    if (!needs(t, 'pdfinfo')) return;
    const bare = join(folder, 'bare.pdf');
    writeFileSync(
      bare,
      await writeRedactionPdf(smallRecord('b', Buffer.from('b'), { plan: smallPlan({ regions: [] }) })),
    );
    const text = ask('pdftotext', bare, '-');
    assert.match(text, /Not checked/);
    assert.match(text, /Nothing was withheld/);
  });

  test('with the longest names keeps every page in its margins', async (t: TestContext) => {
    if (!needs(t, 'pdfinfo', 'qpdf')) return;
    const name = 'W'.repeat(236);
    const regions = Array.from({ length: 30 }, (_, index) =>
      region({ id: `${'x'.repeat(76)}${index + 1000}` }),
    );
    const source = { ...smallPlan().source, file: `${name}.mp4` };
    const wide = join(folder, 'wide.pdf');
    const notes = ['A long note. '.repeat(600)];
    const made = smallRecord(name, Buffer.from('x'), { plan: smallPlan({ regions, source }), notes });
    writeFileSync(wide, await writeRedactionPdf(made));
    assert.match(ask('qpdf', '--check', wide), /No syntax or stream encoding errors found/);
    const [, last] = /^Pages: +(\d+)$/m.exec(ask('pdfinfo', wide)) ?? [];
    const text = ask('pdftotext', '-bbox', wide, '-');
    // Each page has its number, once: a footer that wraps would begin pages of its own.
    assert.equal(text.match(/>of<\/word>\s+<word [^>]*>\d+<\/word>\s+<\/page>/g)?.length, Number(last));
    for (const [, edge] of text.matchAll(/xMax="([\d.]+)"/g)) assert.ok(Number(edge) <= 612 - 54 + 0.5, edge);
    for (const [, edge] of text.matchAll(/yMax="([\d.]+)"/g)) assert.ok(Number(edge) <= 792 - 20, edge);
  });
});
