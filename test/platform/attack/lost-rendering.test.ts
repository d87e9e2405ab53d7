import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { clipFolder, ffmpeg, pedestrians } from '../../media-clips.ts';
import { needs } from '../../needs.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import {
  doneOnce,
  killed,
  redactionFolders,
  rendering,
  startRedaction,
  until,
  vaultFiles,
} from './redactions.ts';
import { ask } from './house.ts';
import { signedIn } from './writers.ts';

const data = newDataFolder();
const clips = clipFolder();
let serving: Serving | undefined;
after(async () => {
  clips.remove();
  await serving?.stop();
  removeDataFolder(data);
});

describe('a redaction', () => {
  test('whose server is killed while it renders is done after the next start, once, and nothing is left of the first try', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    serving = await startServing(data);
    const headers = await signedIn(serving);
    const clip = clips.path('yard.mp4');
    ffmpeg(...pedestrians, '-t', '4', '-vf', 'scale=480:-2', '-c:v', 'libx264', '-preset', 'ultrafast', clip);
    const redaction = await startRedaction(serving.url, headers, clip);
    await rendering(serving.url, headers, redaction);
    await killed(serving.process);
    assert.equal(redactionFolders(data).length, 1, 'what it worked on was left');
    const before = vaultFiles(data).whole;
    // And one that no job knows of.
    mkdirSync(join(data, 'work', 'redact-nobody'));
    serving = await startServing(data);
    const { url } = serving;
    const read = async (path: string): Promise<Record<string, unknown>> =>
      JSON.parse((await ask({ url }, { path: `/api/v1${path}`, headers })).text) as Record<string, unknown>;
    await doneOnce(serving, headers, redaction);
    assert.equal((await read(`/jobs/${redaction.job}`))['attempt'], 2, 'it was begun twice, and no more');
    const { items } = (await read(`/cases/${redaction.caseId}/assets`)) as {
      items: { id: string; role: string }[];
    };
    const [original] = items.filter(({ role }) => role === 'original');
    const proxies = (): Promise<Record<string, unknown>> => read(`/assets/${original?.id}/proxy`);
    await until(async () => (await proxies())['state'] === 'ready', 'its proxies are made');
    const after = vaultFiles(data);
    assert.ok(before.every((name) => after.whole.includes(name)));
    assert.deepEqual(after.unfinished, [], 'no half output is in the vault');
  });
});
