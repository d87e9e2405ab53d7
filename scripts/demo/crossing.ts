import { clusteredTest } from '../../material/clustered-scores.ts';
import type { BuiltInCharter } from '../../src/client/index.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/digest.ts';
import { Random } from '../../src/core/random.ts';
import { generateSigningKeyPem, parseSigningKey, publicKeyPem } from '../../src/core/signing-key.ts';
import { version } from '../../src/core/version.ts';
import { addDays, dayOf } from '../../src/governance/charters/days.ts';
import { evidenceKinds } from '../../src/governance/charters/words.ts';
import { testPlanSchema } from '../../src/governance/faces/plan.ts';
import type { FaceTestClaims } from '../../src/governance/faces/schema.ts';
import { signReport } from '../../src/governance/faces/sign.ts';
import type { ScoreFile } from '../../src/uses/faces/read/score-file.ts';
import { computeReport } from '../../src/uses/faces/report/compute.ts';
import type { DemoOffices } from './oversight.ts';

type Charter = BuiltInCharter['charter'];

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const simulated = 'Simulated for this demonstration';
const use = 'simulated-faces';
const purpose = 'entry';
const site = 'crossing';
/** There is no such model: its scores are made up. */
const model = { id: 'face-lane', digest: sha256(`${simulated}: a face matcher`) };

/**
 * A use that compares faces with passports at the crossing: signed by all four offices, tested, with a permit of its own, and
 * travellers who passed its lanes, by camera or by hand. After it, permits are enforced until two people end that.
 * @param like a charter whose answers for the federal inventory it takes over.
 * @param officer id of whoever works at the lanes.
 */
export async function fillCrossing(offices: DemoOffices, like: Charter, officer: string): Promise<void> {
  const { admin, supervisor, privacy, rights, governance } = offices;
  const models = [{ ...model, threshold: [0.25, 0.75] as [number, number] }];
  const { id } = await supervisor.call('registerUse', {
    body: { charter: charterLike(like), purposes: [purpose], models },
  });
  await testFaces(offices);
  await governance.call('recordTraining', {
    params: { name: use },
    body: { personId: officer, module: 'Lane course', completedAt: inDays(-30), expires: inDays(200) },
  });
  for (const [person, office] of [
    [privacy, 'privacy'],
    [rights, 'civil-rights'],
    [governance, 'caio'],
    [admin, 'ocio'],
  ] as const)
    await person.call('signUse', {
      params: { id },
      body: { office, verdict: 'signed', reason: `${simulated}: read with its tests by group.` },
    });
  await governance.call('issuePermit', {
    body: { registration: id, site, purpose, expires: inDays(60) },
  });
  await pass(offices, await notify(offices));
}

function charterLike(like: Charter): Charter {
  const today = dayOf(new Date());
  return {
    ...like,
    ...{ use, revision: 1, title: 'Faces at a lane (simulated)', stage: 'pilot' },
    operational: addDays(today, -20),
    purpose: 'Compare the face of a traveller with the picture in the passport that they hand over.',
    publicSummary: `${simulated}. A camera compares your face with your passport, and an officer decides. You may ask to be checked by hand.`,
    authority: [{ citation: '8 U.S.C. 1365b', allows: 'Checking who enters and leaves.' }],
    does: ['capture-faces', 'compare-faces-one-to-one'],
    decides: {
      who: 'The officer at the lane',
      what: 'Whether the traveller goes on or is looked at again.',
      ...{ personActs: true, inEnforcement: 'lead' },
    },
    inputs: [
      {
        ...{ name: 'face_picture', meaning: 'The face at the lane.', personal: true },
        ...{ source: 'The camera, after its token of the gate.', flows: ['used'] },
      },
      {
        ...{ name: 'passport_picture', meaning: 'The picture in the passport.', personal: true },
        ...{ source: 'The traveller.', flows: ['used'] },
      },
    ],
    outputs: [
      {
        ...{ name: 'comparison', meaning: 'Whether both are alike enough to go on.', personal: true },
        to: 'The officer at the lane',
      },
    ],
    models: [{ id: model.id, task: 'Compare a face with a passport' }],
    impact: { class: 'high-impact', reason: 'Who is not recognised waits, and is looked at again.' },
    measures: [
      { name: 'not recognised', unit: 'share of true comparisons', atMost: 0.2, how: 'Test by group.' },
    ],
    never: ['Be the only ground of a decision.', 'Keep a face after the lane.', 'Search a face among many.'],
    evidence: evidenceKinds.map((kind, place) => ({
      ...{ kind, what: kind.replaceAll('-', ' '), where: simulated, on: addDays(today, -40) },
      expires: addDays(today, 60 + 11 * place),
    })),
  };
}

/**
 * Reports as a lab makes them. Permits do not rest on one that says its scores are simulated, so the made-up lab does not say so of the
 * first; the tables by group, which people read, come from others and say it.
 */
async function testFaces({ governance }: DemoOffices): Promise<void> {
  const params = { name: use };
  const lab = parseSigningKey(generateSigningKeyPem(), simulated);
  await governance.call('recordFaceTest', {
    params,
    body: {
      report: reportOf({ subjects: 60, known: false }, lab),
      ...{ publicKey: publicKeyPem(lab.publicKey), expires: inDays(300) },
    },
  });
  for (const [kind, subjects] of [
    ['by-group', 60],
    // Too few people for the four-fifths rule.
    ['by-group-new-camera', 12],
  ] as const) {
    const report = reportOf({ subjects, known: true }, lab);
    const { id } = await governance.call('recordTest', {
      params,
      body: {
        ...{ kind, modelDigest: model.digest, reportDigest: sha256(report), passed: true },
        ...{ testedAt: inDays(-30), expires: inDays(330) },
      },
    });
    await governance.call('recordGroupTable', { params: { id }, body: { report } });
  }
}

/** @param known whether the report says that its scores are simulated. */
function reportOf(
  { subjects, known }: { readonly subjects: number; readonly known: boolean },
  lab: ReturnType<typeof parseSigningKey>,
): string {
  const plan = testPlanSchema.parse({
    ...{ targetFmr: 0.1, targetFnmr: 0.2, mated: { perSubject: 10 }, nonmated: { perSubject: 50 } },
    simulated: known,
  });
  const { scores, groups, ...rest } = clusteredTest({
    ...{ seed: 'crossing', groups: 3, subjects, matedPerSubject: subjects < 30 ? 2 : 10 },
    ...{ nonmated: 50 * subjects, fmr: 0.1, ratio: 1, fnmr: 0.2, subjectEffect: 0.1 },
  });
  const names = ['A', 'B', 'C'].map((name) => `Group ${name}`);
  const comparisons = {
    ...rest,
    groups: groups && { ...groups, names },
    // In the middle of the range that the use is registered for.
    scores: scores.map((score) => score + 0.45),
  };
  const data: ScoreFile = {
    ...{ comparisons, format: 'table', sha256: [], quality: [], simulated: known, repeatedRows: 0 },
  };
  const claims: FaceTestClaims = {
    ...{ format: 'tidewaiter-face-test-1', tool: { name: 'tidewaiter', version } },
    ...{ madeAt: inDays(-30), inputs: [] },
    tested: { model: model.digest, camera: simulated, purpose },
    ...computeReport({ scores: data, transactions: undefined, searches: undefined }, plan),
  };
  return `${canonicalJson(signReport(claims, lab))}\n`;
}

/** @returns the version of a notice that ends soon. */
async function notify({ privacy }: DemoOffices): Promise<number> {
  const { version: published } = await privacy.call('publishNotice', {
    body: {
      ...{ use, language: 'en', counsel: simulated, effective: inDays(0), ends: inDays(25) },
      notice: 'A camera at this lane takes a picture of your face and compares it with your passport.',
      optingOut: 'Tell the officer before you step up; your documents are checked by hand instead.',
    },
  });
  return published;
}

/** Travellers of each process at each lane, and how much longer those who opt out wait there, in seconds. */
const lanes = [
  { lane: 'lane-1', travellers: 72, longer: 95 },
  { lane: 'lane-2', travellers: 66, longer: 0 },
  // Fewer than are planned.
  { lane: 'lane-3', travellers: 9, longer: 0 },
];

async function pass(offices: DemoOffices, notice: number): Promise<void> {
  await Promise.all(lanes.map((lane) => passLane(offices, lane, notice)));
}

async function passLane(
  { officer }: DemoOffices,
  { lane, travellers, longer }: (typeof lanes)[number],
  notice: number,
): Promise<void> {
  const random = new Random(lane);
  const at = { site, lane };
  for (let traveller = 0; traveller < 2 * travellers; traveller++) {
    const optedOut = traveller % 2 === 1;
    const { id, token } = await officer.call('askCaptureGate', {
      body: {
        ...{ ...at, use, purpose, lawEnforcement: null, optedOut },
        notice: { language: 'en', version: notice },
      },
    });
    if (token !== undefined) await officer.call('recordCapture', { body: { ...at, token } });
    await officer.call('completePassage', {
      params: { id },
      body: {
        ...at,
        waitedSeconds: Math.round(60 + 240 * random.next() + (optedOut ? longer : 0)),
        processedSeconds: Math.round(30 + 40 * random.next()),
        outcome: random.next() < 0.06 ? 'referred' : 'passed',
      },
    });
  }
}
