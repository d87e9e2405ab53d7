import type { Charter } from '../../src/governance/charters/charter.ts';
import { recordFaceTest } from '../../src/governance/faces/bias-test.ts';
import { recordTraining } from '../../src/governance/permits/evidence.ts';
import { issuePermit } from '../../src/governance/permits/issue.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { register, signOff } from '../../src/governance/permits/registrations.ts';
import { charter as redaction } from '../../src/uses/redaction/charter.ts';
import { ask, newSession, type House, type Reply } from '../platform/attack/house.ts';
import { faceReport, labKey } from './face-report.ts';
import { DAY_MS, deployed, modelDigest, openOffice, type PermitOffice } from './permit-office.ts';

export const use = 'face-lane';
export const purpose = 'entry';
export const citation = '8 U.S.C. 1365b';

export const faceCharter: Charter = {
  ...deployed(redaction),
  ...{ use, title: 'Faces at a lane', does: ['capture-faces', 'compare-faces-one-to-one'] },
  ...{ models: [{ id: 'm', task: 'Compare a face with a document' }] },
  authority: [{ citation, allows: 'Checking who enters and leaves.' }],
};

/** A simulated camera lane at the pier, with people of the offices and an officer who works there. */
export interface SimulatedLane {
  readonly office: PermitOffice;
  readonly registration: string;
  readonly permit: string;
  readonly headers: Readonly<Record<'officer' | 'privacy' | 'caio', Record<string, string>>>;
  /** Says something to the gate as the officer. */
  say(path: string, body: object): Promise<Reply>;
  /** What a lane asks before it captures, when everything is in order. */
  question(change?: object): object;
  /** Publishes the next version of the English notice. */
  publish(change?: object): Promise<Reply>;
}

export async function openLane(house: House): Promise<SimulatedLane> {
  const { db, keys } = house.platform;
  const office = await openOffice(db, keys);
  const { people } = office;
  const now = new Date();
  const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] as [number, number] }];
  const by = { by: people.author, now };
  const registration = await register(house.platform, {
    charter: faceCharter,
    purposes: [purpose],
    models,
    ...by,
  });
  for (const one of offices)
    await signOff(house.platform, {
      ...{ registration, office: one, verdict: 'signed', reason: 'read and agreed', by: people[one], now },
    });
  await recordFaceTest(house.platform, {
    ...{ use, report: faceReport(), publicKey: labKey, by: people.caio, now: new Date() },
    expires: new Date(now.getTime() + 60 * DAY_MS),
  });
  await recordTraining(house.platform, {
    ...{ personId: people.officer, use, module: 'basics', completedAt: now, by: people.caio, now },
    expires: new Date(now.getTime() + 30 * DAY_MS),
  });
  const issued = await issuePermit(
    { db, keys },
    {
      ...{ registration, site: 'pier', purpose, by: people.caio, now: new Date() },
      expires: new Date(now.getTime() + 200 * DAY_MS),
    },
  );
  const headers = {
    officer: await newSession(house, people.officer),
    privacy: await newSession(house, people.privacy),
    caio: await newSession(house, people.caio),
  };
  const send = (who: keyof typeof headers, path: string, body: object): Promise<Reply> =>
    ask(house, { method: 'POST', path: `/api/v1/governance/${path}`, headers: headers[who], body });
  return {
    ...{ office, registration, permit: issued.claims.id, headers },
    say: (path, body) => send('officer', path, body),
    question: (change = {}) => ({
      ...{ site: 'pier', lane: 'lane-1', use, purpose, optedOut: false, lawEnforcement: null },
      ...{ notice: { language: 'en', version: 1 }, ...change },
    }),
    publish: (change = {}) =>
      send('privacy', 'notices', {
        ...{ use, language: 'en', counsel: 'Office of the Chief Counsel, 20 November 2026' },
        notice: 'A camera at this lane takes a picture of your face, and an officer decides.',
        optingOut: 'Tell the officer. Your documents are checked by hand.',
        ...{ effective: new Date(Date.now() - 1000).toISOString() },
        ...{ ends: new Date(Date.now() + 20 * DAY_MS).toISOString(), ...change },
      }),
  };
}

/** The body of an answer. */
export function said<T>({ text }: Reply): T {
  return JSON.parse(text) as T;
}

/** What the gate answers. */
export interface GateSays {
  readonly id: string;
  readonly verdict: string;
  readonly reason: string;
  readonly token?: string;
}

/**
 * Lets travellers pass a lane one after the other, as its officer does: asked, captured unless they opted out, and served.
 * @param passed how many of them go on; the others are referred.
 */
export async function passLane(
  lane: SimulatedLane,
  {
    optedOut,
    count,
    passed,
  }: { readonly optedOut: boolean; readonly count: number; readonly passed: number },
): Promise<void> {
  const at = { site: 'pier', lane: 'lane-1' };
  for (let index = 0; index < count; index++) {
    const answer = said<GateSays>(await lane.say('capture-gate/questions', lane.question({ optedOut })));
    if (answer.token !== undefined) await lane.say('capture-gate/captures', { ...at, token: answer.token });
    const outcome = index < passed ? 'passed' : 'referred';
    await lane.say(`capture-gate/passages/${answer.id}/complete`, {
      ...{ ...at, waitedSeconds: 60, processedSeconds: 30, outcome },
    });
  }
}
