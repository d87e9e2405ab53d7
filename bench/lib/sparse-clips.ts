import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cast } from '../../src/scenes/cast.ts';
import { type ClipTruth, writeClip } from '../../src/scenes/clip/clip.ts';
import type { Setting } from '../../src/scenes/draw/background.ts';
import type { PhotoSet } from '../../src/scenes/photo-set.ts';
import { composeScene } from '../../src/scenes/scene.ts';
import type { ComposedClip } from '../../src/uses/redaction/evaluate/evaluate.ts';

/** Length of a clip, and its frames a second: those of many fixed cameras. */
const SECONDS = 30;
const FPS = 10;
const CRF = 26;

/** Two to four people and what else a room or a road holds, taken in turn. Whoever is there stays or crosses for the whole clip. */
const takes: readonly { readonly setting: Setting; readonly cast: Cast }[] = [
  { setting: 'lane', cast: { person: 2, vehicle: 1, post: 1 } },
  { setting: 'hall', cast: { person: 3 } },
  { setting: 'office', cast: { person: 2, screen: 1, counter: 1, passport: 0, label: 0 } },
  { setting: 'street', cast: { person: 2, vehicle: 2 } },
];

/**
 * Clips as sparse as recordings usually are, one for each seed: few things, each in the picture for ten seconds to half
 * a minute. They are kept in the folder, as those of an evaluation are.
 */
export async function composeSparse(
  seeds: readonly number[],
  photos: PhotoSet,
  folder: string,
): Promise<ComposedClip[]> {
  await mkdir(folder, { recursive: true });
  const clips: ComposedClip[] = [];
  for (const seed of seeds) {
    const name = `sparse-${seed}`;
    const [path, truthPath] = [join(folder, `${name}.mp4`), join(folder, `${name}.truth.json`)];
    if (!existsSync(path)) {
      const { setting, cast } = takes[seed % takes.length]!;
      const scene = await composeScene({
        ...{ seed: `sparse/${seed}`, settings: [setting], cast, photos },
        ...{ seconds: SECONDS, fps: FPS, noise: 4 },
      });
      // The clip gets its name when it is whole, so that a stopped run leaves nothing that looks like one.
      const unfinished = join(folder, `unfinished-${process.pid}-${name}.mp4`);
      await writeClip(scene, unfinished, { crf: CRF, audio: false, truthPath });
      await rename(unfinished, path);
    }
    clips.push({ name, path, truth: JSON.parse(await readFile(truthPath, 'utf8')) as ClipTruth });
  }
  return clips;
}
