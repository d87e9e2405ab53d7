import type { BuiltInCharter } from '../../src/client/index.ts';
import { addDays, dayOf } from '../../src/governance/charters/days.ts';
import { evidenceKinds } from '../../src/governance/charters/words.ts';
import { sha256 } from '../../src/core/digest.ts';
import { trainingModules } from '../../src/governance/training/modules/index.ts';
import { fillCrossing } from './crossing.ts';
import type { DemoPerson } from './person.ts';

/** Who oversees, works and decides in the demonstration. */
export interface DemoOffices {
  readonly admin: DemoPerson;
  readonly officer: DemoPerson;
  readonly operator: DemoPerson;
  readonly supervisor: DemoPerson;
  readonly privacy: DemoPerson;
  readonly rights: DemoPerson;
  readonly governance: DemoPerson;
}

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const simulated = 'Simulated for this demonstration';

/**
 * What the offices have done before today: faces are compared at the crossing under a permit, redaction was returned once and then
 * signed for a pilot, with a permit for the harbor office; watch waits for answers. Nothing may run meanwhile: between the last signature and the two people who go back to
 * evaluation, models run under permits only.
 * @param ids of the people, by login.
 */
export async function fillOversight(offices: DemoOffices, ids: ReadonlyMap<string, string>): Promise<void> {
  await train(offices, ids);
  const { items } = await offices.supervisor.call('listBuiltInCharters', {});
  const [like] = items;
  if (like !== undefined) await fillCrossing(offices, like.charter, ids.get('officer') ?? '');
  for (const offer of items) {
    const registration = await put(offices, offer);
    if (offer.charter.use === 'redaction') {
      await returned(offices, registration);
      await permitted(offices, offer);
    } else await questioned(offices, registration);
  }
  await receive(offices);
}

/** The supervisor stands for it, so that all four offices can sign. */
async function put({ supervisor }: DemoOffices, offer: BuiltInCharter): Promise<string> {
  const { charter, purposes, models } = offer;
  return (await supervisor.call('registerUse', { body: { charter, purposes, models } })).id;
}

async function returned({ privacy, rights }: DemoOffices, registration: string): Promise<void> {
  const params = { id: registration };
  const reason = 'Show tests, training and a way to appeal before a pilot begins.';
  await rights.call('signUse', {
    ...{ params, body: { office: 'civil-rights', verdict: 'signed', reason: 'No rule is broken.' } },
  });
  await privacy.call('signUse', { params, body: { office: 'privacy', verdict: 'returned', reason } });
}

/** The next revision, as a pilot that shows what the provisions ask for. */
async function permitted(offices: DemoOffices, offer: BuiltInCharter): Promise<void> {
  const { admin, privacy, rights, governance } = offices;
  const today = dayOf(new Date());
  const charter: BuiltInCharter['charter'] = {
    ...offer.charter,
    ...{ revision: offer.charter.revision + 1, stage: 'pilot', operational: addDays(today, -20) },
    evidence: evidenceKinds.map((kind, place) => ({
      ...{ kind, what: kind.replaceAll('-', ' '), where: simulated, on: addDays(today, -40) },
      // Some of it is due for a new look soon.
      expires: addDays(today, 18 + 23 * place),
    })),
  };
  const id = await put(offices, { ...offer, charter });
  for (const [at, { digest }] of offer.models.entries()) {
    const reportDigest = sha256(`${simulated}: ${digest}`);
    await governance.call('recordTest', {
      params: { name: charter.use },
      body: {
        ...{ kind: 'accuracy', modelDigest: digest, reportDigest, passed: true },
        ...{ testedAt: inDays(-60), expires: inDays(45 + 60 * at) },
      },
    });
  }
  const signed = 'Read with its evidence; agreed for a pilot at one site.';
  for (const [person, office] of [
    [privacy, 'privacy'],
    [rights, 'civil-rights'],
    [governance, 'caio'],
    [admin, 'ocio'],
  ] as const)
    await person.call('signUse', {
      params: { id },
      body: { office, verdict: 'signed', reason: signed },
    });
  await governance.call('issuePermit', {
    body: { registration: id, site: 'harbor', purpose: charter.use, expires: inDays(14) },
  });
  const reason = 'The other uses are still evaluated.';
  const { proposal } = await admin.call('proposeEvaluation', { body: { mode: 'evaluation', reason } });
  await governance.call('confirmEvaluation', { params: { proposal } });
}

/** One question was answered and settled, the other is open. */
async function questioned(
  { admin, privacy, rights, supervisor }: DemoOffices,
  registration: string,
): Promise<void> {
  const params = { id: registration };
  const settled = await rights.call('askQuestion', {
    params,
    body: { office: 'civil-rights', said: 'Are people told apart by what they look like?' },
  });
  const said = 'No. A track ends at the edge of the picture, and nothing of a face is kept.';
  await supervisor.call('replyToQuestion', { params: { id: settled.id }, body: { said } });
  await rights.call('settleQuestion', { params: { id: settled.id } });
  await privacy.call('askQuestion', {
    params,
    body: { office: 'privacy', said: 'Who looks at clips of people who only pass by, and for how long?' },
  });
  const body = { office: 'ocio', verdict: 'signed', reason: 'Runs on our own machines.' } as const;
  await admin.call('signUse', { params, body });
}

/** Modules in force; the officer and the operator have passed theirs, and a course of the operator ends soon. */
async function train(
  { officer, operator, privacy, governance }: DemoOffices,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [person, module] of [
    [officer, 'redaction-review'],
    [operator, 'watch-alerts'],
  ] as const) {
    const params = { module };
    await privacy.call('releaseTraining', { params });
    const { id, cases } = await person.call('openTraining', { params });
    const known = new Map(
      trainingModules.find((one) => one.id === module)?.cases.map((one) => [one.id, one.answer]),
    );
    const answers = Object.fromEntries(cases.map((one) => [one.id, known.get(one.id) ?? '']));
    await person.call('answerTraining', { params: { id }, body: { answers } });
  }
  await governance.call('recordTraining', {
    params: { name: 'watch' },
    body: {
      ...{ personId: ids.get('operator') ?? '', module: 'Control room course' },
      ...{ completedAt: inDays(-353), expires: inDays(12) },
    },
  });
}

/** Incidents; one stopped redaction, which runs again since somebody looked into it. */
async function receive({ officer, operator, governance }: DemoOffices): Promise<void> {
  const { suspension } = await officer.call('reportIncident', {
    body: {
      ...{ use: 'redaction', severity: 'serious', happenedAt: inDays(-1) },
      what: 'A mirror behind the counter showed a face that no detector proposed; it was seen before release.',
      toldOutside: ['Office of the Inspector General'],
    },
  });
  if (suspension !== null)
    await governance.call('liftSuspension', {
      params: { id: suspension },
      body: { reason: 'Reviewers look at every mirror before release until a detector finds such faces.' },
    });
  const { id } = await operator.call('reportIncident', {
    body: {
      ...{ use: 'watch', severity: 'low', happenedAt: inDays(-6) },
      what: 'Rain on the lens gave eleven alerts in one night; the camera was cleaned the next morning.',
    },
  });
  const resolution = 'The zone was made smaller, and the lens is cleaned every week.';
  await governance.call('closeIncident', { params: { id }, body: { resolution } });
}

/** Letters about a finding: one is due soon, the other was decided. */
export async function askRedress({ officer, privacy }: DemoOffices, finding: string): Promise<void> {
  const about = { about: 'finding', aboutId: finding } as const;
  await officer.call('receiveRedress', {
    body: { ...about, kind: 'correction', caseReference: 'PA-2026-031', receivedAt: inDays(-10) },
  });
  const { id } = await officer.call('receiveRedress', {
    body: { ...about, kind: 'appeal', caseReference: 'FOIA-APP-2026-009', receivedAt: inDays(-21) },
  });
  const reason = 'The plate on the wall belongs to the agency and is open to everybody.';
  await privacy.call('decideRedress', { params: { id }, body: { outcome: 'partly', reason } });
}
