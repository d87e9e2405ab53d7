import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { clipFolder, ffmpeg, pedestrians } from '../../media-clips.ts';
import { needs } from '../../needs.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../serving.ts';
import { doneOnce, killed, redactionFolders, rendering, startRedaction } from './redactions.ts';
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
    // And one that no job knows of.
    mkdirSync(join(data, 'work', 'redact-nobody'));
    serving = await startServing(data);
    await doneOnce(serving, headers, redaction);
  });
});
