import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClipTruth, writeClip } from '../src/scenes/clip/clip.ts';
import { writePicture } from '../material/pictures.ts';
import { measureRecall } from '../material/recall.ts';
import { composeScene } from '../material/scene.ts';
import { exitCode } from '../src/core/command.ts';
import { formatError, TidewaiterError } from '../src/core/errors.ts';
import { EVALUATION_STAMP } from '../src/core/permit.ts';
import { formatTime } from '../src/core/time.ts';
import { labelFont } from '../src/media/draw/font.ts';
import { contactSheet, type ContactSheetRow } from '../src/report/contact-sheet.ts';
import { watchAfterHours } from './demo/after-hours.ts';
import { readFrames, readPicture } from './demo/frames.ts';
import { type PlannedMasks, plannedMasks } from './demo/masks.ts';
import { recallTable } from './demo/recall-table.ts';

/**
 * `npm run demo`: composes a clip and a picture from drawn scenes and the photographs of an npm package, redacts both
 * with the command that everybody uses, and compares what was covered with what is known to be there. Then it watches a
 * yard at night.
 * `npm run demo -- --serve [folder]` opens a filled workspace of the platform instead.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'out', 'demo');
const paths = {
  source: join(folder, 'source'),
  released: join(folder, 'released'),
  clip: join(folder, 'source', 'inspection.mp4'),
  clipTruth: join(folder, 'truth', 'inspection.json'),
  picture: join(folder, 'source', 'counter.jpg'),
  pictureTruth: join(folder, 'truth', 'counter.json'),
  sheet: join(folder, 'contact-sheet.png'),
};
const SEED = 7;

async function composeMaterial(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(paths.source, { recursive: true });
  await mkdir(join(folder, 'truth'));
  const clip = await composeScene({ seed: SEED, seconds: 8, settings: ['lane', 'office', 'yard'] });
  await writeClip(clip, paths.clip, { truthPath: paths.clipTruth });
  const still = await composeScene({ seed: SEED + 1, seconds: 4, settings: ['office'] });
  const location = { latitude: 32.54, longitude: -117.03 };
  await writePicture(still, 80, paths.picture, { location, truthPath: paths.pictureTruth });
}

/** Runs the command as a user would, with its own progress display. */
async function redactMaterial(): Promise<void> {
  const args = ['redact', shown(paths.source), '-o', shown(paths.released)];
  say(`\n$ npx tidewaiter ${args.join(' ')}`);
  const child = spawn(process.execPath, [join(root, 'bin', 'tidewaiter.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code === exitCode.attention) {
    say(
      'Exit code 1: the check found places where something is left. A person must look before anything leaves.',
    );
  } else if (code !== exitCode.done) {
    throw new Error(`The redaction ended with exit code ${code}`);
  }
}

async function makeSheet(truth: ClipTruth, clip: PlannedMasks, picture: PlannedMasks): Promise<void> {
  const frames = [0.1, 0.25, 0.45, 0.6, 0.78, 0.92].map((share) => Math.floor(share * truth.frames.length));
  const before = await readFrames(paths.clip, frames);
  const after = await readFrames(join(paths.released, 'inspection.redacted.mp4'), frames);
  const rows = frames.map((number): ContactSheetRow => {
    const time = truth.frames[number]!.time;
    const caption = `inspection.mp4 at ${formatTime(time)}`;
    return {
      caption,
      source: before.get(number)!,
      redacted: after.get(number)!,
      covered: clip.countsAt(time),
    };
  });
  rows.push({
    caption: 'counter.jpg',
    source: await readPicture(paths.picture),
    redacted: await readPicture(join(paths.released, 'counter.redacted.jpg')),
    covered: picture.countsAt(0),
  });
  const sheet = {
    title: 'Tidewaiter: before and after',
    notes: [
      'inspection.mp4 (six moments) and counter.jpg (last row), profile standard.',
      'Simulated scene: roles instead of names, specimen documents, numbers reserved for examples.',
    ],
    stamp: EVALUATION_STAMP,
    rows,
    format: 'png' as const,
  };
  await writeFile(paths.sheet, await contactSheet(sheet, labelFont()));
}

async function readTruth(path: string): Promise<ClipTruth> {
  return JSON.parse(await readFile(path, 'utf8')) as ClipTruth;
}

function shown(path: string): string {
  return relative(root, path);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function redactAndCompare(): Promise<void> {
  say('Composing a clip of three shots and a still picture (seeded, nothing is downloaded) ...');
  await composeMaterial();
  await redactMaterial();
  const [clipTruth, pictureTruth] = [await readTruth(paths.clipTruth), await readTruth(paths.pictureTruth)];
  const clip = await plannedMasks(join(paths.released, 'inspection.plan.json'));
  const picture = await plannedMasks(join(paths.released, 'counter.plan.json'));
  const recall = measureRecall([
    { truth: clipTruth, masksAt: clip.masksAt },
    { truth: pictureTruth, masksAt: picture.masksAt },
  ]);
  await makeSheet(clipTruth, clip, picture);
  say('\nCovered, compared with what the scene is known to hold (simulated; 95 % intervals over things):');
  say(recallTable(recall));
  say('Counted is what can be made out: at most a quarter hidden or smeared. Covered means 95 % of its box.');
  say(`\nLook at  ${shown(paths.sheet)}`);
  say(
    `Files    ${shown(paths.source)} -> ${shown(paths.released)} (media, plan, record, log), truth in ${shown(join(folder, 'truth'))}`,
  );
  say(`Verify   npx tidewaiter verify ${shown(paths.released)}`);
}

const [option, data] = process.argv.slice(2);
if (option === '--serve') {
  const { serveDemo } = await import('./demo/serve.ts');
  await serveDemo(data).catch((error: unknown) => {
    if (!(error instanceof TidewaiterError)) throw error;
    process.stderr.write(`${formatError(error)}\n`);
    process.exitCode = 2;
  });
} else {
  await redactAndCompare();
  await watchAfterHours(join(folder, 'watch'), say);
}
