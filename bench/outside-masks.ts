import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { composeScene } from '../material/scene.ts';
import type { Size } from '../src/core/box.ts';
import { writeClip } from '../src/scenes/clip/clip.ts';
import { parsePlan, usualEncoding, type RedactionPlan } from '../src/uses/redaction/plan.ts';
import { render } from '../src/uses/redaction/render.ts';
import { RegionTimeline } from '../src/uses/redaction/timeline.ts';
import { frameTimes } from '../test/media-clips.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { makeClip } from './lib/clips.ts';
import { commandCost } from './lib/cpu.ts';
import { lumaFrames } from './lib/luma.ts';
import { peerSsim } from './lib/peer-ssim.ts';
import { ssim } from './lib/ssim.ts';
import { printTable, verdict } from './lib/table.ts';

/** The least similarity outside masks, of the mean over frames. */
const limit = 0.98;

/** Pixels around a mask that are not compared: the window's five, and three for what the encoder smooths. */
const border = 8;

/** What all profiles write, and its neighbours: the price of more and the cost of less. */
const written = usualEncoding;
const encodings = [
  ...[28, 23, 22, 21, 20, 18].map((crf) => ({ videoCodec: 'h264' as const, crf, preset: 'veryfast' })),
  ...[22, 21, 20].map((crf) => ({ videoCodec: 'h264' as const, crf, preset: 'quick' })),
  ...[23, 21, 20].map((crf) => ({ videoCodec: 'h265' as const, crf, preset: 'veryfast' })),
];

/**
 * How like its source a redacted video is where nothing was to be hidden: structural similarity of luma outside the
 * masks. Every profile encodes alike unless told otherwise, so only the settings of the encoder make rows.
 */
export const bench: Bench = {
  title: 'Outside the masks: similarity to the source',
  run: async (context) => {
    const { short, folder, print } = context;
    const size = { width: 1280, height: 720 };
    const street = join(folder, 'street.mp4');
    makeClip(street, short ? 10 : 100);
    await measure(context, 'pedestrians, H.264 of 2.5 Mbit/s', street, size);
    if (short) return;
    const scene = join(folder, 'scene.mp4');
    await writeClip(await composeScene({ seed: 4, ...size, fps: 25, seconds: 4 }), scene, { crf: 18 });
    await measure(context, 'composed scene, H.264 of crf 18', scene, size);
    print(
      `Similarity is Wang et al. 2004 (11 x 11 Gaussian) over every fifth frame, pixels nearer than ${border} to a mask ` +
        `left out. ffmpeg's filter has windows of 8 x 8 and cannot leave masks out, so it is given an unmasked ` +
        `transcode with the same settings, and so is ours for comparison.`,
    );
    print('');
  },
};

async function measure(
  { short, folder, print }: BenchContext,
  name: string,
  input: string,
  size: Size,
): Promise<void> {
  const plan = await planOf(input, folder);
  const step = 5;
  const before = await lumaFrames(input, size, step);
  const masks = maskFrames(plan, frameTimes(input).map(Number), size, step);
  const hidden = masks.reduce((sum, mask) => sum + mask.filter((value) => value !== 0).length, 0);
  const rows: string[][] = [];
  let usual = 0;
  for (const encoding of short ? [written] : encodings) {
    const output = join(folder, 'rendered.mp4');
    const changed = { ...plan, output: { ...plan.output, ...encoding } };
    await render({ input, plan: changed, output, allowDamage: false }, {});
    const bare = join(folder, 'unmasked.mp4');
    await render({ input, plan: { ...changed, regions: [] }, output: bare, allowDamage: false }, {});
    const bytes = statSync(output).size;
    if (
      encoding.videoCodec === written.videoCodec &&
      encoding.crf === written.crf &&
      encoding.preset === written.preset
    )
      usual = bytes;
    const outside = similarities(before, await lumaFrames(output, size, step), size, masks);
    const unmasked = similarities(before, await lumaFrames(bare, size, step), size);
    rows.push([
      `${encoding.videoCodec} crf ${encoding.crf}, ${encoding.preset}`,
      `${mean(outside).toFixed(4)} (n ${outside.length}, lowest ${Math.min(...outside).toFixed(4)})`,
      `>= ${limit}`,
      verdict(mean(outside) >= limit),
      mean(unmasked).toFixed(4),
      peerSsim(input, bare, step).toFixed(4),
      String(bytes),
    ]);
  }
  const share = hidden / (masks.length * size.width * size.height);
  print(
    `${name}: ${statSync(input).size} bytes, ${before.length} frames compared, ${(100 * share).toFixed(1)} % of the picture left out.`,
  );
  print('');
  printTable(
    print,
    [
      ...['encoding', 'outside masks', 'limit', 'kept', 'unmasked', "unmasked, ffmpeg's filter"],
      ...['bytes', `bytes against crf ${written.crf}`],
    ],
    rows.map((cells) => [...cells, `x${(Number(cells.at(-1)) / usual).toFixed(2)}`]),
  );
}

/** What the quickest profile would cover. */
async function planOf(input: string, folder: string): Promise<RedactionPlan> {
  const redacted = join(folder, `of-${basename(input)}`);
  const words = ['redact', input, '-o', redacted, '--profile', 'fast', '--plan-only'];
  await commandCost(process.execPath, ['bin/tidewaiter.js', ...words]);
  return parsePlan(readFileSync(redacted.replace(/\.mp4$/, '.plan.json'), 'utf8'));
}

/** Pixels that are hidden, or nearer than `border` to what is, in every `step`-th frame: 1, others 0. */
function maskFrames(
  plan: RedactionPlan,
  times: readonly number[],
  { width, height }: Size,
  step: number,
): Uint8Array[] {
  const timeline = new RegionTimeline(plan);
  return times
    .filter((_, index) => index % step === 0)
    .map((time) => {
      const mask = new Uint8Array(width * height);
      for (const { box } of timeline.at(time)) {
        const left = Math.max(0, Math.floor(box.x) - border);
        const right = Math.min(width, Math.ceil(box.x + box.width) + border);
        const bottom = Math.min(height, Math.ceil(box.y + box.height) + border);
        for (let y = Math.max(0, Math.floor(box.y) - border); y < bottom; y++) {
          if (right > left) mask.fill(1, y * width + left, y * width + right);
        }
      }
      return mask;
    });
}

function similarities(
  before: readonly Uint8Array[],
  after: readonly Uint8Array[],
  { width, height }: Size,
  masks?: readonly Uint8Array[],
): number[] {
  if (after.length !== before.length) throw new Error(`${after.length} frames of ${before.length}`);
  return before.map((frame, index) => ssim(frame, after[index]!, width, height, masks?.[index]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
