import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { composeNightYard } from '../../material/night-yard.ts';
import { canServe, serverPackages, startRtspServer } from '../../material/rtsp/server.ts';
import type { LiveState } from '../../src/media/live/index.ts';
import { writeClip } from '../../src/scenes/clip/clip.ts';
import type { Alert } from '../../src/uses/watch/alert.ts';
import { healthLine, lineOf, stateLine } from '../../src/uses/watch/live-lines.ts';
import type { CameraHealth } from '../../src/uses/watch/live.ts';
import { alertSheet } from './alert-sheet.ts';
import { siteAtNight } from './night-site.ts';

/** A line of `tidewaiter watch --json`. */
type WatchLine =
  | ({ readonly event: 'alert' } & Alert)
  | ({ readonly event: 'state' } & LiveState)
  | ({ readonly event: 'health' } & CameraHealth)
  | { readonly event: 'incident' | 'progress' }
  | { readonly event: 'result'; readonly frames: number; readonly skipped: number; readonly stamp?: string };

type Say = (text: string) => void;

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin', 'tidewaiter.js');
const shown = (path: string): string => relative(root, path);

/** A watch is ended after this, whatever becomes of its camera. */
const longestMs = 60_000;

/**
 * The demo's second scene: a yard at night through which two people pass, watched by the command that everybody uses; as a
 * camera on loopback, or as a recording in real time where there is no RTSP server. @param folder is made.
 */
export async function watchAfterHours(folder: string, say: Say): Promise<void> {
  say('\nComposing a container yard at night, through which two people pass (simulated) ...');
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  const [clip, siteFile, sheet] = [file('yard.mp4'), file('yard.yaml'), file('alerts.png')];
  const scene = await composeNightYard(7, { width: 960, height: 540 });
  await writeClip(scene, clip, { audio: false, truthPath: file('yard.truth.json') });
  const { text, timeZone, zone } = siteAtNight(new Date());
  await writeFile(siteFile, text);
  say(`The site lies in ${timeZone}, where it is night now, and its working day ends at 18:00.`);
  const alerts = await watchClip(clip, siteFile, timeZone, say);
  say(`Alerts: ${alerts.length}. In the scene, 2 people enter the zone (simulated, one clip).`);
  if (alerts.length === 0) return;
  await writeFile(sheet, await alertSheet({ clip, scene, alerts, zone }));
  say(`\nLook at  ${shown(sheet)}`);
}

/** As a camera, where Debian's packages are here. */
async function watchClip(clip: string, siteFile: string, timeZone: string, say: Say): Promise<Alert[]> {
  const words = ['--site', shown(siteFile)];
  if (!canServe) {
    say(`For a camera on loopback: apt-get install ${serverPackages.join(' ')}. Without it, a recording:`);
    return watch(['--replay', shown(clip), ...words], timeZone, say);
  }
  const server = await startRtspServer({ mounts: { '/yard': { file: clip } } });
  try {
    return await watch([server.url('/yard'), ...words], timeZone, say);
  } finally {
    await server.stop();
  }
}

/** Runs the command and tells what it tells, in its own words, until the camera has no more. */
async function watch(words: readonly string[], timeZone: string, say: Say): Promise<Alert[]> {
  say(`\n$ npx tidewaiter watch ${words.join(' ')}`);
  const child = spawn(process.execPath, [bin, 'watch', ...words, '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const end = (): boolean => child.kill('SIGINT');
  const longest = setTimeout(end, longestMs);
  const alerts: Alert[] = [];
  let finished = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as WatchLine;
    if (told.event === 'alert') {
      if (told.suppressed === undefined) alerts.push(told);
      say(lineOf(told, timeZone));
    } else if (told.event === 'health') say(healthLine(told, timeZone));
    else if (told.event === 'state') {
      // A camera that ends its stream is waited for; this one plays a recording, which was shown to its end.
      const isOver = told.report?.code === 'E_LIVE_ENDED';
      say(isOver ? 'The recording is over.' : stateLine(told, timeZone));
      if (told.state === 'lost') end();
    } else if (told.event === 'result') {
      finished = true;
      say(`${told.frames} frames, ${told.skipped} left out`);
      if (told.stamp !== undefined) say(`${told.stamp}: made without an agency permit.`);
    }
  }
  clearTimeout(longest);
  const [code] = (await gone) as [number | null];
  if (!finished) throw new Error(`The watch ended with exit code ${code}`);
  return alerts;
}
