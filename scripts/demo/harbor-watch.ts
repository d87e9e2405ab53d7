import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { composeNightYard } from '../../material/night-yard.ts';
import { canServe, serverPackages, startRtspServer, type RtspServer } from '../../material/rtsp/server.ts';
import type { Operations } from '../../src/client/operations.ts';
import type { DemoPerson } from './person.ts';

const size = { width: 960, height: 540 };
/** Two people walk through in the first half minute of four; then the yard is as empty as in its first seconds. */
const seconds = { loop: 240, empty: 6 } as const;
const DAY_MS = 86_400_000;

/** What the stand-in needs beyond {@link canServe} to encode pictures. */
const encoder = {
  package: 'gstreamer1.0-plugins-ugly',
  file: '/usr/lib/x86_64-linux-gnu/gstreamer-1.0/libgstx264.so',
};

const siteFile = `site: Harbor office
timeZone: America/New_York
calendar:
  open:
${['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => `    ${day}: [07:00-18:00]`).join('\n')}
cameras:
  - id: yard
    zones:
      - { id: apron, polygon: [[0.28, 0.5], [0.72, 0.5], [0.8, 0.98], [0.2, 0.98]] }
    rules:
      - { id: after-hours, kind: zone-entry, zone: apron, severity: high }
`;

/**
 * The stand-in for the yard's camera: a simulated night, again and again.
 * @param folder kept between runs, with the pictures and the port that the platform knows.
 * @returns undefined where there is no RTSP server, after telling what to install, and when the signal ends it.
 */
export async function startYardCamera(
  folder: string,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<RtspServer | undefined> {
  if (!canServe || !existsSync(encoder.file)) {
    say(`For a camera to watch: apt-get install ${[...serverPackages, encoder.package].join(' ')}`);
    return undefined;
  }
  const [pictures, kept] = [join(folder, 'yard'), join(folder, 'yard.port')];
  if (!existsSync(pictures)) {
    say('Composing a night in the yard of the harbor office (simulated) ...');
    await composeLoop(pictures, signal);
  }
  if (signal.aborted) return undefined;
  const port = existsSync(kept) ? Number(await readFile(kept, 'utf8')) : 0;
  const mount = { ...size, fps: 10, frames: join(pictures, '%05d.jpg') };
  const server = await startRtspServer({ mounts: { '/yard': mount }, port });
  await writeFile(kept, String(server.port));
  return server;
}

async function composeLoop(folder: string, signal: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true });
  const scene = await composeNightYard(7, size);
  const name = (frame: number): string => `${String(frame + 1).padStart(5, '0')}.jpg`;
  for (const index of scene.ticks.keys()) {
    if (signal.aborted) return;
    await sharp(scene.frame(index), { raw: { ...size, channels: 3 } })
      .jpeg({ quality: 90 })
      .toFile(join(folder, name(index)));
  }
  for (let index = scene.ticks.length; index < seconds.loop * scene.fps; index++)
    await symlink(name(index % (seconds.empty * scene.fps)), join(folder, name(index)));
}

/** Sets up the yard of the harbor office, armed by hand so that it is after hours whenever the demonstration runs. */
export async function watchYard(supervisor: DemoPerson, camera: RtspServer): Promise<void> {
  const params = { site: 'harbor' };
  // Operators of the demonstration are at lunch: the clock escalates after ten minutes, not one.
  const clocks = { high: 600, medium: 600, low: 600 };
  await supervisor.call('putWatchSite', { params, body: { text: siteFile, clocks } });
  const until = new Date(Date.now() + 30 * DAY_MS).toISOString();
  const reason = 'The yard is closed for works: watch it by day too.';
  await supervisor.call('setOverride', { params, body: { state: 'armed', until, reason } });
  await supervisor.call('addCamera', {
    body: {
      ...{ site: 'harbor', slot: 'yard', name: 'Container yard', source: { url: camera.url('/yard') } },
      recording: { preRoll: 5, postRoll: 5, continuousDays: 1, continuousGigabytes: 2 },
    },
  });
}

/** Waits for the two people in the yard: the operator dismisses one, takes the other on, and leaves what comes after. */
export async function answerAlerts(operator: DemoPerson, signal: AbortSignal): Promise<void> {
  const note = 'The driver who was announced at the gate.';
  for (const decision of [{ step: 'dismiss', reason: 'authorised', note } as const, undefined]) {
    const id = await newIncident(operator, signal);
    if (id === undefined) return;
    await step(operator, id, { step: 'acknowledge' });
    if (decision !== undefined) await step(operator, id, decision);
  }
}

type Step = Operations['stepIncident']['body'];

/** The camera may tell more of an incident at any moment: then it is looked at anew. */
async function step(operator: DemoPerson, id: string, body: Step, tries = 5): Promise<void> {
  const params = { id };
  const { version } = await operator.call('getIncident', { params });
  try {
    await operator.call('stepIncident', { params, body, version });
  } catch (error) {
    if (tries === 1) throw error;
    await step(operator, id, body, tries - 1);
  }
}

async function newIncident(operator: DemoPerson, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const { items } = await operator.call('listIncidents', { query: { site: 'harbor', state: 'new' } });
    const [oldest] = items.toReversed();
    if (oldest !== undefined) return oldest.id;
    await sleep(2000, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
