import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Setting } from '../src/scenes/draw/background.ts';
import { writePicture } from '../material/pictures.ts';
import { composeScene } from '../material/scene.ts';
import { EVALUATION_STAMP, evaluationPermit } from '../src/core/permit.ts';
import { labelFont } from '../src/media/draw/font.ts';
import { defaultCacheDir } from '../src/models/index.ts';
import { contactSheet, type ContactSheetRow } from '../src/report/contact-sheet.ts';
import { redactFile } from '../src/uses/redaction/job.ts';
import { pathsIn } from '../src/uses/redaction/outputs.ts';
import { readPicture } from './demo/frames.ts';
import { plannedMasks } from './demo/masks.ts';

/** Makes docs/images/scene.png, the picture in the README: rendered scenes without people, before and after. */

const SCENES: readonly { readonly setting: Setting; readonly seed: number; readonly frame: number }[] = [
  { setting: 'lane', seed: 3, frame: 40 },
  { setting: 'office', seed: 4, frame: 90 },
  { setting: 'yard', seed: 6, frame: 30 },
];
const TARGET = fileURLToPath(new URL('../docs/images/scene.png', import.meta.url));

async function row(
  folder: string,
  { setting, seed, frame }: (typeof SCENES)[number],
): Promise<ContactSheetRow> {
  const cast = { person: 0, post: 0 };
  const scene = await composeScene({ seed, seconds: 4, settings: [setting], cast, noise: 0, light: [1, 1] });
  const input = join(folder, `${setting}.png`);
  await writePicture(scene, frame, input);
  const outputs = pathsIn(folder, input, 'png');
  const engine = { permit: evaluationPermit, cacheDir: defaultCacheDir(process.env, homedir()), threads: 2 };
  await redactFile({ input, outputs, engine, settings: { profile: 'thorough' } });
  const { countsAt } = await plannedMasks(outputs.plan);
  return {
    caption: `${setting}.png`,
    source: await readPicture(input),
    redacted: await readPicture(outputs.media),
    covered: countsAt(0),
  };
}

const folder = await mkdtemp(join(tmpdir(), 'tidewaiter-scene-'));
try {
  const rows: ContactSheetRow[] = [];
  for (const scene of SCENES) rows.push(await row(folder, scene));
  const notes = ['Simulated scenes: specimen documents and numbers reserved for examples. Profile thorough.'];
  const title = 'Tidewaiter: before and after';
  const sheet = await contactSheet(
    { title, notes, stamp: EVALUATION_STAMP, rows, format: 'png' },
    labelFont(),
  );
  const small = await sharp(sheet)
    .resize({ width: 1200 })
    .png({ palette: true, colours: 160, effort: 10 })
    .toBuffer();
  await writeFile(TARGET, small);
  process.stdout.write(`${TARGET}: ${Math.round(small.length / 1000)} kB\n`);
} finally {
  await rm(folder, { recursive: true });
}
