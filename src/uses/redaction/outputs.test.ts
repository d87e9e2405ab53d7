import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { checkOutput, outputContainer, pathsFor, pathsIn, sweepUnfinished, unfinished } from './outputs.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'tidewaiter-outputs-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

describe('an output is written as', () => {
  for (const [kind, format, asked, expected] of [
    ['picture', 'jpeg', undefined, 'jpg'],
    ['picture', 'heic', undefined, 'jpg'],
    ['picture', 'webp', 'mkv', 'webp'],
    ['picture', 'gif', undefined, 'png'],
    ['video', 'mov', undefined, 'mov'],
    ['video', 'avi', undefined, 'mp4'],
    ['video', 'mov', 'mkv', 'mkv'],
  ] as const) {
    test(`${format} (${asked ?? 'not asked'}) gives ${expected}`, () =>
      assert.equal(outputContainer({ kind, format }, asked), expected));
  }

  test('nothing that cannot be written', () => {
    assert.throws(() => outputContainer({ kind: 'video', format: 'mp4' }, 'avi'), { code: 'E_CONTAINER' });
  });
});

describe('names', () => {
  test('of one input belong together', () => {
    assert.deepEqual(pathsIn('out', 'in/Clip.one.MTS', 'mp4'), {
      media: 'out/Clip.one.redacted.mp4',
      plan: 'out/Clip.one.plan.json',
      record: 'out/Clip.one.record.json',
      log: 'out/Clip.one.exemptions.csv',
      report: 'out/Clip.one.record.pdf',
      container: 'mp4',
    });
    assert.equal(pathsFor('out/final.MP4').plan, 'out/final.plan.json');
    assert.equal(pathsFor('out/final.MP4').container, 'mp4');
  });

  test('of inputs that differ in their extension only stay apart', () => {
    const [one, other] = ['a.mp4', 'a.mov'].map((name) => pathsIn('out', name, 'mp4', true));
    for (const part of ['media', 'plan', 'record', 'log', 'report'] as const)
      assert.notEqual(one?.[part], other?.[part]);
  });

  test('of something unfinished are hidden, in the same folder, and keep the extension', () => {
    const path = unfinished('out/clip.redacted.mp4');
    assert.match(path, /^out\/\.unfinished-\d+-clip\.redacted\.mp4$/);
  });
});

test('what a run that died left is swept away; a running one and other outputs keep theirs', async (t) => {
  const dir = folder(t);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const own = basename(unfinished('clip.mp4'));
  const dead = `.unfinished-${pid}-clip.mp4`;
  const others = [
    `.unfinished-${pid}-other-clip.mp4`,
    'clip.mp4',
    '.unfinished-x-clip.mp4',
    `.unfinished-1-clip.mp4`,
  ];
  for (const name of [own, dead, ...others]) writeFileSync(join(dir, name), '');
  await sweepUnfinished(join(dir, 'clip.mp4'));
  assert.deepEqual(readdirSync(dir).sort(), [own, ...others].sort());
  await sweepUnfinished(join(dir, 'not/there/clip.mp4'));
});

describe('an output may not be', () => {
  const rejected = (input: string, media: string, code: string, force = true): Promise<void> =>
    assert.rejects(checkOutput(input, pathsFor(media), { force, planOnly: false }), { code });

  test('the input, however it is reached', async (t) => {
    const dir = folder(t);
    const input = join(dir, 'clip.mp4');
    writeFileSync(input, 'original');
    linkSync(input, join(dir, 'hard.mp4'));
    symlinkSync(input, join(dir, 'soft.mp4'));
    for (const name of ['clip.mp4', './clip.mp4', 'hard.mp4', 'soft.mp4'])
      await rejected(input, join(dir, name), 'E_OUTPUT_IS_INPUT');
    const plan = join(dir, 'b.plan.json');
    writeFileSync(plan, '');
    await rejected(plan, join(dir, 'b.mp4'), 'E_OUTPUT_IS_INPUT');
  });

  test('there already, unless it is to be replaced, and never a folder', async (t) => {
    const dir = folder(t);
    const [input, media] = [join(dir, 'clip.mp4'), join(dir, 'out.mp4')];
    writeFileSync(input, 'original');
    await checkOutput(input, pathsFor(media), { force: false, planOnly: false });
    writeFileSync(media, 'somebody else’s');
    await rejected(input, media, 'E_OUTPUT_EXISTS', false);
    await checkOutput(input, pathsFor(media), { force: true, planOnly: false });
    mkdirSync(join(dir, 'sub.mp4'));
    await rejected(input, join(dir, 'sub.mp4'), 'E_OUTPUT_EXISTS');
  });

  test('a plan that somebody may have edited, when only a plan is made', async (t) => {
    const dir = folder(t);
    const [input, media] = [join(dir, 'clip.mp4'), join(dir, 'out.mp4')];
    writeFileSync(input, 'original');
    writeFileSync(join(dir, 'out.plan.json'), '{}');
    const planned = (force: boolean): Promise<void> =>
      checkOutput(input, pathsFor(media), { force, planOnly: true });
    await assert.rejects(planned(false), { code: 'E_OUTPUT_EXISTS' });
    await planned(true);
  });
});
