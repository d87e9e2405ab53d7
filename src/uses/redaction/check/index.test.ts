import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { composeScene } from '../../../../material/scene.ts';
import { writePicture } from '../../../../material/pictures.ts';
import { clipFile, groupPhoto, workplace } from '../../../../test/redaction/clips.ts';
import { testCache } from '../../../../test/redaction/program.ts';
import { lastingFaces, placeOf } from '../../../../test/redaction/regions.ts';
import { evaluationPermit } from '../../../core/permit.ts';
import { efforts } from '../../../vision/effort.ts';
import { analyse } from '../analyse.ts';
import { startEngine, type EngineOptions } from '../engine.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import { render } from '../render.ts';
import { checkLook, checkRendered } from './index.ts';
import { checkReportSchema, type CheckReport } from './report.ts';

const place = workplace();
after(place.remove);

const options: EngineOptions = { permit: evaluationPermit, cacheDir: testCache, threads: 2 };
let outputs = 0;

interface Material {
  readonly input: string;
  readonly kind: 'video' | 'picture';
  readonly plan: RedactionPlan;
}
let clip: Material;
let still: Material;

before(async () => {
  const scene = await groupPhoto();
  clip = await planned(await clipFile(scene, place.path('clip.mp4')), 'video', 'mp4', 'fast');
  const office = await composeScene({ seed: 5, seconds: 1, settings: ['office'] });
  const picture = place.path('office.png');
  await writePicture(office, 12, picture);
  still = await planned(picture, 'picture', 'png', 'standard');
});

async function planned(
  input: string,
  kind: 'video' | 'picture',
  container: string,
  profile: 'fast' | 'standard',
): Promise<Material> {
  const look = { effort: efforts[profile], models: [], words: [], patterns: [] };
  const engine = await startEngine(options, look);
  try {
    const request = { input, kind, container, allowDamage: false };
    const { plan } = await analyse(request, { profile }, engine, {});
    return { input, kind, plan };
  } finally {
    await engine.close();
  }
}

/** Renders what is left of a plan and checks it as the same plan, or as another one. */
async function checked(
  { input, kind }: Material,
  drawn: RedactionPlan,
  plan = drawn,
  frames: number[] = [],
): Promise<CheckReport> {
  outputs += 1;
  const output = place.path(`out-${outputs}.${drawn.output.container}`);
  await render({ input, plan: drawn, output, allowDamage: false }, {});
  const engine = await startEngine(options, checkLook(plan));
  try {
    const onFrame = (_: unknown, time: number): void => void frames.push(time);
    return checkReportSchema.parse(await checkRendered({ output, kind, plan, onFrame }, engine, {}));
  } finally {
    await engine.close();
  }
}

function without(plan: RedactionPlan, ...gone: Region[]): RedactionPlan {
  return { ...plan, regions: plan.regions.filter((region) => !gone.includes(region)) };
}

describe('a video', () => {
  test('rendered as planned is clean, and every frame was looked through', async () => {
    const frames: number[] = [];
    const report = await checked(clip, clip.plan, clip.plan, frames);
    assert.deepEqual(
      report.findings.filter(({ level }) => level === 'leak'),
      [],
    );
    assert.equal(report.status, 'clean');
    assert.equal(report.frames.decoded, 24);
    assert.equal(frames.length, 24);
    assert.ok(report.frames.detected >= 5 && report.frames.detected <= 12, String(report.frames.detected));
    assert.ok(report.fills.tested > 60 && report.fills.missing === 0, JSON.stringify(report.fills));
    for (const { threshold, id } of report.method.models) {
      const before = clip.plan.models.find((model) => model.id === id);
      assert.ok(before !== undefined && threshold <= 0.4, `${id} at ${threshold}`);
    }
  });

  test('in which a face was left out of the plan needs review, at that place', async () => {
    const face = lastingFaces(clip.plan)[0]!;
    const others = clip.plan.regions.filter(
      (region) =>
        region.redact && region !== face && region.subject !== undefined && region.subject === face.subject,
    );
    const report = await checked(clip, without(clip.plan, face, ...others));
    assert.equal(report.status, 'needs-review');
    const leak = report.findings[0]!;
    assert.deepEqual([leak.kind, leak.level], ['leftover', 'leak']);
    const wanted = placeOf(face, leak.start);
    const [x, y, width, height] = leak.box;
    assert.ok(Math.abs(x + width / 2 - wanted.x - wanted.width / 2) < wanted.width / 2);
    assert.ok(Math.abs(y + height / 2 - wanted.y - wanted.height / 2) < wanted.height / 2);
  });

  test('with a face that a person chose to leave visible is clean', async () => {
    const face = lastingFaces(clip.plan)[0]!;
    const regions = clip.plan.regions.map((region) =>
      region === face || (face.subject !== undefined && region.subject === face.subject)
        ? { ...region, redact: false }
        : region,
    );
    assert.equal((await checked(clip, { ...clip.plan, regions })).status, 'clean');
  });

  test('with another fill than planned needs review', async () => {
    const face = lastingFaces(clip.plan)[0]!;
    const drawn = clip.plan.regions.map((region): Region =>
      region === face ? { ...region, color: [90, 140, 90] } : region,
    );
    const report = await checked(clip, { ...clip.plan, regions: drawn }, clip.plan);
    assert.equal(report.status, 'needs-review');
    const leak = report.findings[0]!;
    assert.deepEqual([leak.kind, leak.region, leak.urgency], ['fill-missing', face.id, 1]);
    assert.ok(report.fills.missing >= leak.frames && leak.frames > 15);
  });

  test('says nothing but what it is', async () => {
    const report = await checked(clip, without(clip.plan, ...clip.plan.regions));
    assert.ok(report.findings.length > 3);
    assert.equal(new Set(report.findings.map(({ id }) => id)).size, report.findings.length);
    const order = report.findings.map(({ level, urgency }) => (level === 'leak' ? 1 : 0) + urgency / 2);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => b - a),
    );
  });
});

describe('a picture', () => {
  test('rendered as planned is clean', async () => {
    const report = await checked(still, still.plan);
    assert.equal(report.status, 'clean', JSON.stringify(report.findings));
    assert.deepEqual(report.frames, { decoded: 1, detected: 1, read: 1 });
    assert.ok(report.fills.tested > 5 && report.fills.missing === 0);
  });

  test('in which lines of text were left out needs review, and what they say is not told', async () => {
    const lines = still.plan.regions.filter(({ class: name }) => name === 'text');
    assert.ok(lines.length > 5);
    const report = await checked(still, without(still.plan, ...lines));
    assert.equal(report.status, 'needs-review');
    assert.ok(report.findings.some(({ level, class: name }) => level === 'leak' && name === 'text'));
    for (const { says } of report.findings) assert.doesNotMatch(says, /[0-9<]{5}/);
  });

  test('that was not drawn on needs review', async () => {
    const report = await checked(still, without(still.plan, ...still.plan.regions), still.plan);
    assert.equal(report.fills.missing, report.fills.tested);
    assert.equal(report.status, 'needs-review');
  });
});
