import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { writeClip } from '../src/scenes/clip/clip.ts';
import { writePicture } from '../material/pictures.ts';
import { composeScene } from '../material/scene.ts';
import { parsePlan } from '../src/uses/redaction/plan.ts';
import { projectRoot } from './needs.ts';

const run = promisify(execFile);
const examples = join(projectRoot, 'scripts', 'examples');
const rooms = { media: 'media', vision: 'vision', redaction: 'uses/redaction' };

/** Blocks of code in a document, by what stands behind the three backticks. */
function blocks(document: string, info: string): string[] {
  const text = readFileSync(join(projectRoot, document), 'utf8');
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, head, code]) =>
    head === info ? (code ?? '') : [],
  );
}

describe('examples in the documents', () => {
  let folder = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tidewaiter-examples-'));
    const scene = await composeScene({ seed: 7, width: 640, height: 360, seconds: 0.6 });
    await writeClip(scene, join(folder, 'body-cam.mp4'));
    await writePicture(scene, 0, join(folder, 'counter.png'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const node = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, args, { cwd: folder })).stdout;

  for (const [name, room] of Object.entries(rooms)) {
    test(`README's example for tidewaiter/${name} is the one that is run here`, async () => {
      const file = join(examples, `${name}.ts`);
      const source = readFileSync(file, 'utf8');
      const asPackage = Object.entries(rooms).reduce(
        (code, [entry, path]) => code.replaceAll(`../../src/${path}/index.ts`, `tidewaiter/${entry}`),
        source,
      );
      const shown = await format(asPackage, { ...(await resolveConfig(file)), parser: 'typescript' });
      assert.ok(blocks('README.md', 'ts').includes(shown), `README.md does not show ${room}:\n${shown}`);
      assert.notEqual(await node(file), '');
    });
  }

  test('they wrote what they say', () => {
    assert.ok(readdirSync(folder).includes('covered.mp4'));
    assert.deepEqual(readdirSync(join(folder, 'release')).sort(), [
      'body-cam.exemptions.csv',
      'body-cam.plan.json',
      'body-cam.record.json',
      'body-cam.record.pdf',
      'body-cam.redacted.mp4',
    ]);
  });

  test('the model of docs/bring-your-own-model.md is registered, runs, and what it finds is covered', async () => {
    await node(join(examples, 'own-model.ts'), 'models');
    const [shown = ''] = blocks('docs/bring-your-own-model.md', 'json card');
    const card: unknown = JSON.parse(readFileSync(join(folder, 'models/badge-finder.card.json'), 'utf8'));
    assert.deepEqual(JSON.parse(shown), card);
    const bin = join(projectRoot, 'bin', 'tidewaiter.js');
    assert.match(await node(bin, 'models', '--model-dir', 'models'), /badge-finder +1 +yolo-v8 .* user/);
    const own = ['--model-dir', 'models', '--model', 'badge-finder'];
    await node(bin, 'redact', 'counter.png', '-o', 'own', '--profile', 'fast', ...own);
    const plan = parsePlan(readFileSync(join(folder, 'own/counter.plan.json'), 'utf8'));
    const badges = plan.regions.filter((region) => region.class === 'badge');
    // 640x360 in 128x128 keeps its proportions: 128x72 with 28 pixels above. Margin 1.1 about the centre.
    assert.deepEqual(
      badges.map(({ redact, score, keyframes }) => ({ redact, score, keyframes })),
      [{ redact: true, score: 0.9, keyframes: [[0, 276, 34, 88, 132]] }],
    );
    assert.equal(plan.regions.filter((region) => region.class === 'tablet').length, 0);
  });
});
