import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plan, planContext, proposal } from '../../../test/redaction-plan.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { buildPlan, type PlanContext } from './build-plan.ts';
import { formatPlan, parsePlan, type Region } from './plan.ts';
import { findProfile } from './profile.ts';
import type { Proposal } from './proposal.ts';
import { reasonTable } from './reasons.ts';
import type { RedactionSettings } from './settings.ts';
import { RegionTimeline } from './timeline.ts';

const crowd: readonly Proposal[] = [
  proposal('face-1', { subject: 'person-1' }),
  proposal('face-2', { subject: 'person-2' }),
  proposal('face-3'),
  proposal('head-1', { subject: 'person-1' }),
  proposal('head-2', { subject: 'person-2' }),
  proposal('person-1'),
  proposal('person-2'),
  proposal('vehicle-1'),
  proposal('vehicle-2'),
  proposal('plate-1', { subject: 'vehicle-1', kind: 'plate' }),
  proposal('text-1'),
  proposal('text-2', { kind: 'email' }),
];

function build(
  settings: Partial<RedactionSettings> = {},
  proposals: readonly Proposal[] = crowd,
  context: PlanContext = planContext(),
) {
  const whole = { profile: 'standard', ...settings };
  return buildPlan(proposals, whole, findProfile(whole.profile), context);
}

function covered(settings: Partial<RedactionSettings>, proposals = crowd, context = planContext()): string[] {
  return build(settings, proposals, context)
    .regions.filter(({ redact }) => redact)
    .map(({ id }) => id);
}

function refused(code: string, settings: Partial<RedactionSettings>): void {
  assert.throws(
    () => build(settings),
    (error) => error instanceof TidewaiterError && error.code === code,
  );
}

describe('what is covered', () => {
  const usual = ['face-1', 'face-2', 'face-3', 'head-1', 'head-2', 'plate-1', 'text-1', 'text-2'];

  for (const [what, settings, expected] of [
    ['by the profile', {}, usual],
    ['of text by policy', { text: 'sensitive' }, usual.filter((id) => id !== 'text-1')],
    [
      'by class, instead of the profile’s',
      { classes: ['person', 'vehicle'] },
      crowd.slice(5, 9).map(({ id }) => id),
    ],
    [
      'but for one person and all that is theirs',
      { keep: ['person-2'] },
      usual.filter((id) => !/-2$/.test(id) || id === 'text-2'),
    ],
    ['but for one region', { keep: ['face-3'] }, usual.filter((id) => id !== 'face-3')],
    ['but for what belongs to a vehicle', { keep: ['vehicle-1'] }, usual.filter((id) => id !== 'plate-1')],
    ['of one person only', { only: ['person-1'] }, ['face-1', 'head-1']],
    ['of one vehicle only', { only: ['vehicle-1'] }, ['plate-1']],
    ['of a vehicle that owns nothing: itself', { only: ['vehicle-2'] }, ['vehicle-2']],
    ['of named regions only', { only: ['text-1', 'head-2'] }, ['head-2', 'text-1']],
    [
      'when kept and only meet: what is kept stays visible',
      { only: ['person-1'], keep: ['face-1'] },
      ['head-1'],
    ],
  ] as const) {
    test(what, () => assert.deepEqual(covered(settings), expected));
  }

  test('is what the registered models find, as somebody chose them', () => {
    const context = { ...planContext(), chosenClasses: ['vehicle'] };
    assert.ok(covered({ classes: ['face'] }, crowd, context).includes('vehicle-1'));
  });

  test('never names that nothing has', () => {
    refused('E_TRACK', { keep: ['person-9'] });
    refused('E_TRACK', { only: ['person-1', 'nobody'] });
  });

  test('everything else is in the plan too, visible', () => {
    assert.deepEqual(
      build({ only: ['face-1'] }).regions.map(({ id }) => id),
      crowd.map(({ id }) => id),
    );
  });
});

describe('a box that a person asked for', () => {
  const box = { x: 10, y: 20, width: 30, height: 40 };

  test('is covered throughout, or in its time, whatever else is kept', () => {
    const { regions } = build({
      boxes: [{ box }, { box, span: { start: 2, end: 3 } }],
      only: ['face-1'],
    });
    const [always, sometimes] = regions;
    assert.deepEqual([always?.id, always?.start, always?.end, always?.redact], ['box-1', 0, 10, true]);
    assert.deepEqual([sometimes?.id, sometimes?.start, sometimes?.end], ['box-2', 2, 3]);
    assert.deepEqual(sometimes?.keyframes, [[2, 10, 20, 30, 40]]);
    assert.equal(sometimes?.origin, 'person');
  });

  test('is refused beside the picture, where it would cover nothing', () => {
    const beside = { ...box, x: 100 };
    refused('E_OPTION', { boxes: [{ box }, { box: beside }] });
    refused('E_OPTION', { zones: [beside] });
    refused('E_OPTION', { keepOnly: [beside] });
    build({ zones: [{ ...box, x: 99.5 }] });
  });
});

test('in a picture, which has no time, limits of time cover everything', () => {
  const box = { x: 10, y: 20, width: 30, height: 40 };
  const still = crowd.map((thing) => ({ ...thing, end: 0 }));
  const settings = {
    spans: [{ start: 5, end: 6 }],
    boxes: [{ box, span: { start: 5, end: 6 } }],
  };
  const made = build(settings, still, planContext('picture'));
  assert.deepEqual(made.limits, {});
  const drawn = new RegionTimeline(made).at(0).map(({ region }) => region.id);
  assert.deepEqual(drawn.sort(), ['box-1', ...covered({})].sort());
  assert.deepEqual(build(settings).limits.spans, [[5, 6]]);
});

describe('how it is covered', () => {
  const styleOf = (settings: Partial<RedactionSettings>): Record<string, Region['style']> =>
    Object.fromEntries(build(settings).regions.map((region) => [region.class, region.style]));

  test('is the style of the class, else the given default, else the profile’s', () => {
    assert.equal(styleOf({})['face'], 'solid');
    assert.equal(styleOf({ styles: { default: 'blur' } })['face'], 'blur');
    const both = styleOf({ styles: { default: 'blur', face: 'pixelate' } });
    assert.deepEqual([both['face'], both['head']], ['pixelate', 'blur']);
    const box = { x: 0, y: 0, width: 10, height: 10 };
    const own = build({ styles: { outside: 'pixelate', box: 'blur' }, keepOnly: [box], boxes: [{ box }] });
    assert.equal(own.keepOnly?.style, 'pixelate');
    assert.equal(own.regions[0]?.style, 'blur');
  });

  test('with reasons as labels when there are any, and the class or nothing when asked', () => {
    const reasons = reasonTable('foia-us');
    const face = (settings: Partial<RedactionSettings>) =>
      build(settings).regions.find((region) => region.id === 'face-1');
    assert.deepEqual([face({})?.label, face({})?.reason], [undefined, undefined]);
    assert.deepEqual([face({ reasons })?.label, face({ reasons })?.reason], ['(b)(6)', '(b)(6)']);
    assert.deepEqual(
      [face({ reasons, label: 'none' })?.label, face({ reasons, label: 'none' })?.reason],
      [undefined, '(b)(6)'],
    );
    assert.equal(face({ label: 'class' })?.label, 'face');
  });

  test('sound is the profile’s unless it is named', () => {
    assert.deepEqual(build({ profile: 'public-release' }).audio, { mode: 'mute' });
    assert.deepEqual(build({}).audio, { mode: 'keep' });
    assert.deepEqual(
      build({ audio: { mode: 'spans', spans: [{ start: 1, end: 2 }], style: 'bleep' } }).audio,
      {
        mode: 'spans',
        spans: [[1, 2]],
        style: 'bleep',
      },
    );
  });
});

describe('a plan that was built', () => {
  const random = new Random('plans');

  test('can be read back, whatever registered models call their classes', () => {
    const names = ['traffic light', 'Gesicht: vorn', '人', 'head', 'box', 'x'.repeat(90)];
    const odd = names.flatMap((name) =>
      [1, 2].map((number) => proposal(`${name}-${number}`, { class: name })),
    );
    const made = build({ boxes: [{ box: { x: 0, y: 0, width: 9, height: 9 } }] }, [...crowd, ...odd]);
    assert.equal(new Set(made.regions.map(({ id }) => id)).size, made.regions.length);
    assert.deepEqual(parsePlan(formatPlan(made)), made);
    assert.ok(made.regions.some(({ id }) => id === 'traffic_light-2'));
    const [second] = covered({ only: ['head-1_2'], classes: ['head'] }, [...crowd, ...odd]);
    assert.equal(second, 'head-1_2');
  });

  for (let round = 0; round < 20; round++) {
    test(`is the same every time, and within a microsecond of what was found (${round})`, () => {
      const keyframes = [{ time: random.between(0, 1), box: { x: 0, y: 0, width: 9, height: 20 } }];
      for (let index = 0; index < 30; index++) {
        const time = keyframes.at(-1)!.time + random.between(0, 1) ** 12;
        const box = {
          x: random.between(-20, 90),
          y: random.between(0, 90),
          width: random.between(0, 30),
          height: 20,
        };
        if (time > keyframes.at(-1)!.time) keyframes.push({ time, box });
      }
      const thing = proposal('face-1', { start: keyframes[0]!.time, end: keyframes.at(-1)!.time, keyframes });
      const made = build({}, [thing]);
      assert.deepEqual(build({}, [thing]), made);
      assert.deepEqual(parsePlan(formatPlan(made)), made);
      const [region] = made.regions;
      assert.ok(region);
      assert.ok(Math.abs(region.start - thing.start) < 1e-6 && Math.abs(region.end - thing.end) < 1e-6);
      const timeline = new RegionTimeline(made);
      for (const { time, box } of keyframes) {
        const [placed] = timeline.at(time);
        assert.ok(placed);
        assert.ok(Math.abs(placed.box.height - box.height) <= 0.11);
      }
    });
  }

  test('holds what a render needs and nothing that was not asked for', () => {
    const video = build({});
    assert.deepEqual(video.output, {
      container: 'mp4',
      videoCodec: 'h264',
      crf: 21,
      preset: 'veryfast',
      encoderThreads: 2,
    });
    assert.deepEqual(build({}, [], planContext('picture')).output, { container: 'jpg', quality: 90 });
    assert.deepEqual(video.limits, plan().limits);
    assert.equal('stamp' in video, false);
    assert.equal(build({}, [], { ...planContext(), stamp: 'EVALUATION' }).stamp, 'EVALUATION');
  });
});
