import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { after, before, describe, test, type TestContext } from 'node:test';
import { encodeOnnx, integers } from '../../material/onnx.ts';
import { sha256 } from '../../src/core/digest.ts';
import { formatPlan, type RedactionPlan, type Region } from '../../src/uses/redaction/plan.ts';
import { needs } from '../needs.ts';
import { fixed, userModelDir, type TestCard, type TestModel } from '../user-model.ts';
import { clipFile, emptyLane, readPlan, repeated, workplace } from './clips.ts';
import { greyFrames, toneOf } from './pixels.ts';
import {
  assertFailed,
  assertGone,
  descendants,
  listing,
  start,
  succeeds,
  tidewaiter,
  workerOf,
  type Answer,
  type Run,
} from './program.ts';

const place = workplace();
after(place.remove);

const clip = place.path('clip.mp4');
/** The usual plan of the clip, with a box that a person asked for. */
let usual: RedactionPlan;

before(async () => {
  await clipFile(repeated(await emptyLane({ width: 640, height: 360 }), 12), clip);
  const options = ['--profile', 'fast', '--plan-only', '--box', '10,10,100,80'];
  await succeeds('redact', clip, '-o', place.path('usual'), ...options);
  usual = readPlan(place.path('usual', 'clip.plan.json'));
});

/** A fault in a run lets nothing through: there is no output, plan or record, finished or not, and no process. */
async function failsClosed(
  code: string,
  words: readonly string[],
  inject: (run: Run) => Promise<void> = async () => undefined,
): Promise<Answer> {
  const out = place.path('out');
  const run = start(['redact', clip, '-o', out, '--profile', 'fast', ...words]);
  let processes: number[] = [];
  try {
    await inject(run);
  } finally {
    processes = descendants(run.pid);
  }
  const answer = await run.ended;
  assertFailed(answer, code);
  await assertGone(processes);
  assert.deepEqual(listing(out), []);
  return answer;
}

/** Writes a changed plan. @returns its path. */
function edited(change: object): string {
  const path = place.path('edited.plan.json');
  writeFileSync(path, JSON.stringify({ ...usual, ...change }));
  return path;
}

describe('the decoder', () => {
  test('meets damage while analysing, and again while rendering', async () => {
    const input = place.path('damaged.mp4');
    const bytes = readFileSync(clip);
    const middle = Math.floor(bytes.length / 2);
    for (let at = middle; at < middle + 3000; at += 5) bytes[at]! ^= 0x5a;
    writeFileSync(input, bytes);
    const out = place.path('damaged');
    for (const words of [
      ['--profile', 'fast'],
      ['--profile', 'fast', '--json'],
    ]) {
      const answer = await tidewaiter('redact', input, '-o', out, ...words);
      assertFailed(answer, 'E_VIDEO_DAMAGED');
    }
    const plan = edited({ source: { ...usual.source, sha256: sha256(bytes) } });
    assertFailed(await tidewaiter('redact', input, '-o', out, '--plan', plan), 'E_VIDEO_DAMAGED');
    assert.deepEqual(listing(out), []);
  });
});

describe('a model', () => {
  const card: TestCard = {
    family: 'yolo-v8',
    input: { width: 32, height: 32 },
    outputs: { predictions: 'output0' },
    classes: ['badge'],
  };
  /** A detector of one class; its one box has the score given. */
  const answering = (score: number): TestModel =>
    fixed(card, [{ name: 'output0', dims: [1, 5, 1], data: [16, 16, 8, 8, score] }]);

  async function withModel(t: TestContext, model: TestModel): Promise<string[]> {
    return ['--model', 'trial', '--model-dir', await userModelDir(t, [model])];
  }

  test('that answers is used, and what it finds is covered', async (t) => {
    const words = await withModel(t, answering(0.9));
    const answer = await succeeds('redact', clip, '-o', place.path('user'), '--profile', 'fast', ...words);
    assert.match(answer.stdout, /covered .*\d badge/);
  });

  test('that answers nonsense ends the job', async (t) => {
    await failsClosed('E_MODEL_VALUES', await withModel(t, answering(Number.NaN)));
  });

  test('that fails while it runs ends the job', async (t) => {
    // The picture cannot be given this shape, which only shows when one comes.
    const onnx = encodeOnnx({
      inputs: [{ name: 'image', dims: [1, 3, 32, 32] }],
      outputs: [{ name: 'output0', dims: [1, 5, 1] }],
      constants: { shape: integers([1, 5, 1]) },
      nodes: [{ op: 'Reshape', inputs: ['image', 'shape'], outputs: ['output0'] }],
    });
    const answer = await tidewaiter(
      'redact',
      clip,
      '-o',
      place.path('out'),
      '--profile',
      'fast',
      ...(await withModel(t, { card, onnx })),
    );
    const code = /^(E_MODEL_\w+):/m.exec(answer.stderr)?.[1];
    assert.ok(code === 'E_MODEL_RUN' || code === 'E_MODEL_LOAD', answer.stderr);
    assertFailed(answer, code);
    assert.deepEqual(listing(place.path('out')), []);
  });

  test('whose bytes are not those of its card ends the job', async (t) => {
    const model = answering(0.9);
    const words = await withModel(t, { ...model, card: { ...card, digest: '0'.repeat(64) } });
    await failsClosed('E_MODEL_DIGEST', words);
  });
});

describe('a plan that was edited into nonsense', () => {
  const region = (change: Partial<Region> | object): object => ({
    regions: [{ ...usual.regions[0]!, ...change }],
  });

  for (const [what, change] of [
    ['no number', { keyframes: [[0, null, 0, 10, 10]] }],
    ['a number beyond all', { keyframes: [[0, '1e999', 0, 10, 10]] }],
    ['no width', { keyframes: [[0, 0, 0, 0, 10]] }],
    ['no keyframes', { keyframes: [] }],
    ['a style of another world', { style: 'paint' }],
    ['an end before its start', { start: 2, end: 1 }],
  ] as const) {
    test(`a region with ${what}`, async () => {
      const path = edited(region(change));
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"1e999"', '1e999'));
      await failsClosed('E_PLAN', ['--plan', path]);
    });
  }

  test('a region far outside of the picture, or far larger, is no fault', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe')) return;
    const path = place.path('absurd.plan.json');
    const draw = async (...box: [number, number, number, number]): Promise<number> => {
      const regions: Region[] = [{ ...usual.regions[0]!, keyframes: [[0, ...box]] }];
      writeFileSync(path, formatPlan({ ...usual, regions }));
      await succeeds('redact', clip, '-o', place.path('absurd'), '--plan', path, '--force');
      const shown = greyFrames(place.path('absurd', 'clip.redacted.mp4'));
      return toneOf(shown, 50, { x: 0, y: 0, width: 640, height: 360 }).highest;
    };
    assert.ok((await draw(1e6, 1e6, 10, 10)) > 100);
    assert.ok((await draw(-1e5, -1e5, 2e5, 2e5)) < 30);
    const regions: Region[] = [{ ...usual.regions[0]!, keyframes: [[0, -1e12, 0, 2e12, 10]] }];
    await failsClosed('E_REGION', ['--plan', edited({ regions })]);
  });

  test('a picture of another size, or an output outside of its folder', async () => {
    const source = { ...usual.source, width: usual.source.width + 2 };
    await failsClosed('E_PLAN_SOURCE', ['--plan', edited({ source })]);
    const output = { ...usual.output, container: '../../x' };
    const path = edited({});
    writeFileSync(path, JSON.stringify({ ...usual, output }));
    await failsClosed('E_PLAN', ['--plan', path]);
  });

  test('an encoder that cannot be', async () => {
    const preset = edited({ output: { ...usual.output, preset: 'warp' } });
    await failsClosed('E_ENCODE', ['--plan', preset]);
    await failsClosed('E_ENCODE', ['--preset', 'warp']);
    const codec = edited({ output: { ...usual.output, videoCodec: 'theora' } });
    await failsClosed('E_PLAN', ['--plan', codec]);
  });
});

describe('a worker', () => {
  const slow = ['--preset', 'slower'];

  for (const stage of ['analyse', 'render'] as const) {
    test(`that is killed while it is to ${stage}`, async () => {
      await failsClosed('E_WORKER_DIED', slow, async (run) => {
        await run.saw(new RegExp(`${stage}: .*/96 frames`));
        process.kill(await workerOf(run), 'SIGKILL');
      });
    });
  }

  test('whose folder is taken away says so', async () => {
    const out = place.path('taken');
    const run = start(['redact', clip, '-o', out, '--profile', 'fast', ...slow]);
    await run.saw(/analyse: .*\/96 frames/);
    rmSync(out, { recursive: true });
    assertFailed(await run.ended, 'E_OUTPUT_FOLDER');
  });

  test('that is killed before it can say anything', async () => {
    await failsClosed('E_WORKER_DIED', slow, async (run) => {
      process.kill(await workerOf(run), 'SIGKILL');
    });
  });

  test('that is killed leaves an earlier output as it was', async () => {
    const out = place.path('earlier');
    const words = ['redact', clip, '-o', out, '--profile', 'fast'];
    await succeeds(...words);
    const before = listing(out).map((name) => readFileSync(`${out}/${name}`));
    const run = start([...words, '--style', 'blur', '--force', ...slow]);
    await run.saw(/render: .*\/96 frames/);
    process.kill(await workerOf(run), 'SIGKILL');
    assertFailed(await run.ended, 'E_WORKER_DIED');
    const afterwards = listing(out).map((name) => readFileSync(`${out}/${name}`));
    assert.deepEqual(afterwards, before);
  });

  test('that gets no more memory', async (t) => {
    if (!needs(t, 'prlimit')) return;
    const out = place.path('out');
    const run = start(['redact', clip, '-o', out, '--profile', 'fast', ...slow]);
    const worker = await workerOf(run);
    await run.saw(/analyse: .*\/96 frames/);
    execFileSync('prlimit', [`--pid=${worker}`, `--data=${64 << 20}`]);
    const answer = await run.ended;
    const code = /^(E_\w+):/m.exec(answer.stderr)?.[1] ?? 'none';
    assert.match(
      code,
      /^E_(WORKER_DIED|WORKER_MEMORY|MODEL_RUN|INFERENCE_DIED|ENCODE|VIDEO_DAMAGED|INTERNAL)$/,
    );
    assertFailed(answer, code);
    await assertGone([worker]);
    assert.deepEqual(listing(out), []);
  });
});

describe('the disk', () => {
  test('is full', async (t) => {
    if (process.getuid?.() !== 0) {
      t.skip('needs root, to mount a small disk');
      return;
    }
    const disk = place.path('disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      t.skip('needs the right to mount a small disk');
      return;
    }
    try {
      const plan = edited({ output: { ...usual.output, crf: 0 } });
      for (const words of [
        ['--profile', 'fast', '--crf', '0'],
        ['--plan', plan],
      ]) {
        const answer = await tidewaiter('redact', clip, '-o', disk, ...words);
        assertFailed(answer, 'E_NO_SPACE');
        assert.deepEqual(listing(disk), []);
      }
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('has no room for a name, which is said before anything is looked at', async () => {
    const answer = await failsClosed('E_OUTPUT_NAME', ['-o', place.path(`${'x'.repeat(240)}.mp4`)]);
    assert.doesNotMatch(answer.stderr, /analyse/);
  });

  test('is taken away from under the output', async () => {
    await failsClosed('E_OUTPUT_FOLDER', ['-o', '/dev/full/out/']);
  });
});
