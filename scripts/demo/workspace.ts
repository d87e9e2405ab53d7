import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeScene } from '../../material/scene.ts';
import { writePicture } from '../../material/pictures.ts';
import { writeClip } from '../../src/scenes/clip/clip.ts';
import type { Case } from '../../src/client/index.ts';
import type { RtspServer } from '../../material/rtsp/server.ts';
import { answerAlerts, watchYard } from './harbor-watch.ts';
import { askRedress, fillOversight, type DemoOffices } from './oversight.ts';
import { DemoPerson } from './person.ts';

const DAY_MS = 86_400_000;
const PASSWORD = 'a tide for every demonstration';

/** Who works in the demonstration: roles, not people. */
const staff = [
  ['officer', 'FOIA officer', 'officer'],
  ['supervisor', 'Supervisor', 'supervisor'],
  ['operator', 'Operator', 'operator'],
  ['privacy', 'Privacy office', 'privacy'],
  ['rights', 'Civil rights and civil liberties', 'civil-rights'],
  ['governance', 'Chief AI officer', 'ai-governance'],
] as const;

/**
 * Fills an empty platform: sites, roles, cases in all states, files redacted and reviewed, a finding that was decided and one that
 * waits; what the offices have said of the uses; a camera at the harbor office.
 * @param camera of the yard, where there is one.
 * @param say told what is being done.
 * @returns the people, administrator first, and what is left to be done when the models have looked: reviews are sent on and
 *   decided, letters come in about them, and alerts are answered until the signal ends that.
 */
export async function fillWorkspace(
  {
    url,
    code,
    folder,
    camera,
  }: {
    readonly url: string;
    readonly code: string;
    readonly folder: string;
    readonly camera: RtspServer | undefined;
  },
  say: (text: string) => void,
): Promise<{
  readonly people: readonly DemoPerson[];
  readonly finish: (signal: AbortSignal) => Promise<void>;
}> {
  const admin = new DemoPerson(url, 'demo', PASSWORD);
  await admin.call('claimFirstRun', {
    body: { code, login: admin.login, name: 'Administrator', password: PASSWORD },
  });
  await admin.enrol();
  await admin.call('createSite', {
    body: { id: 'harbor', name: 'Harbor office', timeZone: 'America/New_York' },
  });
  await admin.call('createSite', {
    body: { id: 'crossing', name: 'Land crossing', timeZone: 'America/Denver' },
  });
  const ids = new Map<string, string>();
  const people = new Map<string, DemoPerson>();
  for (const [login, name, role] of staff) {
    const { id } = await admin.call('createPerson', { body: { login, name, password: PASSWORD } });
    await admin.call('grantRole', { params: { id }, body: { site: '*', role } });
    const person = new DemoPerson(url, login, PASSWORD);
    await person.enrol();
    people.set(login, person);
    ids.set(login, id);
  }
  const one = (login: string): DemoPerson => people.get(login) ?? admin;
  const offices: DemoOffices = {
    ...{ admin, officer: one('officer'), operator: one('operator'), supervisor: one('supervisor') },
    ...{ privacy: one('privacy'), rights: one('rights'), governance: one('governance') },
  };
  const { officer, supervisor, operator } = offices;

  say('Letting the offices look at the uses ...');
  await fillOversight(offices, ids);
  if (camera !== undefined) await watchYard(supervisor, camera);

  say('Composing a clip and pictures (simulated scenes) ...');
  const files = await compose(folder);

  say('Opening cases and handing in work ...');
  const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
  const open = (body: Partial<Case> & { title: string }): Promise<Case> =>
    officer.call('openCase', {
      body: {
        site: 'harbor',
        use: 'redaction',
        assignees: [{ person: ids.get('supervisor') ?? '', role: 'approver' }],
        ...body,
      },
    });
  const upload = async (one: Case, file: string): Promise<string> => {
    const bytes = new Uint8Array(await readFile(file));
    const query = { name: basename(file) };
    return (await officer.call('uploadAsset', { params: { id: one.id }, query, bytes })).id;
  };
  const review = async (one: Case, file: string): Promise<string> => {
    const body = { asset: await upload(one, file), profile: 'public-release', reasons: 'foia-us' };
    return (await officer.call('startReview', { body })).id;
  };
  const redact = async (one: Case, file: string): Promise<void> => {
    const body = { asset: await upload(one, file), profile: 'standard', reasons: 'foia-us' };
    await officer.call('startRedaction', { body });
  };

  const counter = await open({
    title: 'Counter of the harbor office',
    kind: 'foia',
    number: 'FOIA-2026-0117',
    receivedAt: daysAgo(9),
  });
  await redact(counter, files.picture);
  const approved = await review(
    await open({ title: 'Desk of the cashier', kind: 'foia', receivedAt: daysAgo(34) }),
    files.desk,
  );
  const waiting = await review(
    await open({
      title: 'Inspection lane, evening of the incident',
      kind: 'court',
      number: 'CV 26-cv-0412',
      dueAt: new Date(Date.now() + 2 * DAY_MS).toISOString(),
    }),
    files.clip,
  );
  await open({ title: 'Yard camera, for the port authority', kind: 'partner', site: 'crossing' });

  await admin.call('setBaseline', {
    params: { use: 'redaction' },
    body: { minutes: 45, source: 'Assumed for this demonstration, not measured' },
  });
  const finish = async (signal: AbortSignal): Promise<void> => {
    for (const id of [approved, waiting]) {
      const revision = await opened(officer, id);
      if (revision === undefined) continue;
      const { finding } = await officer.call('submitReview', { params: { id }, body: { revision } });
      if (id === approved && typeof finding === 'string') await askRedress(offices, finding);
      if (id === waiting) continue;
      const by = ids.get('supervisor') ?? '';
      if (typeof finding === 'string')
        await supervisor.call('assignFinding', { params: { id: finding }, body: { person: by, seen: null } });
      const reason = 'Looked at the whole; the public sees no face and no plate.';
      await supervisor.call('approveReview', { params: { id }, body: { revision, reason } });
    }
    if (camera !== undefined) await answerAlerts(operator, signal);
  };
  return { people: [admin, ...people.values()], finish };
}

/** @returns the revision of a review when it can be edited; undefined when its analysis failed. */
async function opened(person: DemoPerson, id: string): Promise<number | undefined> {
  for (;;) {
    const review = await person.call('getReview', { params: { id } });
    if (review.state === 'open') return review.revision;
    if (review.state === 'failed') return undefined;
    await sleep(1000);
  }
}

interface Files {
  readonly clip: string;
  readonly picture: string;
  readonly desk: string;
}

async function compose(folder: string): Promise<Files> {
  await mkdir(folder, { recursive: true });
  const files = {
    clip: join(folder, 'inspection.mp4'),
    picture: join(folder, 'counter.jpg'),
    desk: join(folder, 'desk.jpg'),
  };
  const truth = (path: string): { truthPath: string } => ({ truthPath: `${path}.truth.json` });
  await writeClip(
    await composeScene({ seed: 7, seconds: 4, settings: ['lane'] }),
    files.clip,
    truth(files.clip),
  );
  const office = await composeScene({ seed: 8, seconds: 4, settings: ['office'] });
  await writePicture(office, 80, files.picture, truth(files.picture));
  await writePicture(office, 20, files.desk, truth(files.desk));
  return files;
}
