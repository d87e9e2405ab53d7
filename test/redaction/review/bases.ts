import type { Random } from '../../../src/core/random.ts';
import { planSchema, type RedactionPlan, type Region } from '../../../src/uses/redaction/plan.ts';
import type { ReviewBase } from '../../../src/uses/redaction/review/base.ts';
import type { Edit, Operation } from '../../../src/uses/redaction/review/edit.ts';
import { reasonTable } from '../../../src/uses/redaction/reasons.ts';
import { plan } from '../../redaction-plan.ts';

const classes = ['face', 'person', 'plate'] as const;

/** A made-up review of ten seconds with some tracks of three classes. */
export function someBase(random: Random, tracks = 9): ReviewBase {
  const regions = Array.from({ length: tracks }, (_, index): Region => {
    const start = Math.round(random.between(0, 6) * 100) / 100;
    const end = Math.round(random.between(start + 0.5, 9.9) * 100) / 100;
    const times = [start, (start + end) / 2, end];
    const name = classes[index % classes.length]!;
    return {
      ...{ id: `${name}-${index + 1}`, class: name, redact: random.next() < 0.7, shape: 'box' },
      ...{ style: 'solid', origin: 'model', score: Math.round(random.next() * 1000) / 1000, detections: 4 },
      ...{ start, end, reason: '(b)(6)', label: '(b)(6)' },
      keyframes: times.map((time): Region['keyframes'][number] => [
        ...([time, random.integer(400), random.integer(200), 20 + random.integer(80), 30] as const),
      ]),
    };
  });
  const made: RedactionPlan = planSchema.parse(
    plan({ regions, source: { ...plan().source, width: 640, height: 360 } }),
  );
  return {
    ...{ format: 'tidewaiter-review', version: 1, plan: made, notes: [] },
    clip: { first: 0, last: 10, cuts: [] },
    rules: {
      styles: ['solid', 'pixelate', 'blur'],
      classes: [...classes, 'box'],
      reasons: reasonTable('foia-us').reasons,
      secondPerson: true,
    },
  };
}

/** An id that follows from the seed, so that a failure can be repeated. */
export function someId(random: Random): string {
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.integer(16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}

/** Something that a person may try, sensible or not. */
export function someEdit(random: Random, regions: readonly string[], log: readonly Edit[]): Edit {
  return { id: someId(random), do: someOperation(random, regions, log) };
}

function someOperation(random: Random, regions: readonly string[], log: readonly Edit[]): Operation {
  const region = random.pick(regions);
  const time = (): number => Math.round(random.between(-0.2, 10.4) * 1000) / 1000;
  const fresh = `own-${random.integer(40)}`;
  const box = (): [number, number, number, number] => [
    random.integer(700) - 30,
    random.integer(420) - 30,
    5 + random.integer(90),
    5 + random.integer(90),
  ];
  const style = random.pick(['solid', 'blur', 'outline', null] as const);
  const reason = random.pick(['(b)(6)', '(b)(7)(C)', 'x', null] as const);
  const redact = random.pick([true, false, null]);
  const mark = random.pick([{ redact }, { style }, { reason }]);
  const rule = random.pick([mark, { threshold: random.next() }]);
  const start = time();
  switch (random.integer(15)) {
    case 0:
      return { op: 'mark', regions: [region, random.pick(regions)], ...mark };
    case 1:
      return { op: 'class', class: random.pick(classes), ...rule };
    case 2:
      return { op: 'split', region, at: time(), as: fresh };
    case 3:
      return { op: 'merge', region, with: random.pick(regions) };
    case 4:
      return { op: 'span', region, start, end: start + random.between(-0.2, 4) };
    case 5:
    case 6: {
      const keyframes = [[start, ...box()] as const, [start + 1, ...box()] as const];
      return {
        ...{ op: 'add', region: fresh, class: random.pick(['box', 'face']), start, end: start + 1 },
        keyframes: keyframes.map((key) => [...key]),
      };
    }
    case 7:
      return { op: 'remove', region };
    case 8:
      return { op: 'keyframe', region, at: time(), box: random.pick([box(), null]) };
    case 9:
      return {
        op: 'path',
        region,
        keyframes: [
          [start, ...box()],
          [start + 0.5, ...box()],
        ],
      };
    case 10:
      return random.pick([
        { op: 'hush', span: `span-${random.integer(3)}`, start, end: start + 1 },
        { op: 'unhush', span: `span-${random.integer(3)}` },
        { op: 'sound', mode: random.pick(['keep', 'mute', 'drop'] as const), style: 'bleep' },
      ]);
    case 11:
      return { op: 'doubt', doubt: `gap:${region}:1`, verdict: 'fine' };
    case 12: {
      const choices = random.pick([
        [{ op: 'mark' as const, regions: [region], redact }],
        [{ op: 'class' as const, class: 'face', ...rule }],
        null,
      ]);
      return { op: 'release', release: random.pick(['public', 'court']), title: 'A release', choices };
    }
    default: {
      const edit = log.length === 0 ? someId(random) : random.pick(log).id;
      return { op: random.pick(['undo', 'undo', 'redo'] as const), edit };
    }
  }
}
