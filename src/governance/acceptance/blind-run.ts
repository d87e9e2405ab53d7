import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { check, misfitOf } from '../../core/misfit.ts';
import { comparisonAnswer, detectionAnswer, type Answer } from './answers.ts';
import type { Confinement } from './confine.ts';
import type { AcceptancePlan } from './plan.ts';
import { blindOrder, type TestSet } from './set.ts';
import { VendorFault, VendorProcess, type FaultKind } from './vendor-process.ts';

export const protocol = 'tidewaiter-acceptance-1';
/** Detections below it are not asked for: average precision looks at all scores, but not at noise. */
const LOWEST_SCORE = 0.01;

export interface BlindRun {
  /** In the order of the opaque ids. */
  readonly answers: readonly Answer[];
  /** Undefined when it kept the rules to the end. */
  readonly fault?: { readonly kind: FaultKind; readonly item: number; readonly message: string };
}

export interface BlindRunOptions {
  readonly set: TestSet;
  readonly setFolder: string;
  readonly salt: Buffer;
  /** Fingerprint of the vendor's key. */
  readonly vendor: string;
  readonly plan: AcceptancePlan;
  readonly command: readonly string[];
  /** Puts what the process needs into its working folder. */
  readonly prepare: (folder: string) => Promise<void>;
  readonly confinement: Confinement;
  readonly hidden: readonly string[];
  readonly signal: AbortSignal;
  readonly onItem: (done: number, of: number) => void;
}

/**
 * Shows each item of a set to a stranger's process, one at a time, in an order and under names that tell nothing, without names of
 * files, metadata or truth, and keeps what it answers. A process that breaks the rules ends the run; nothing of it is left.
 */
export async function runBlind(options: BlindRunOptions): Promise<BlindRun> {
  const { set, salt, vendor, plan, signal, confinement, onItem } = options;
  const { startSeconds, itemSeconds, totalSeconds, memoryMiB } = plan.limits;
  const folder = await mkdtemp(join(tmpdir(), 'tidewaiter-accept-'));
  const answers: Answer[] = [];
  try {
    await options.prepare(folder);
    const process = new VendorProcess({
      ...{ command: options.command, folder, confinement, memoryBytes: memoryMiB * 2 ** 20, signal },
      hidden: [options.setFolder, ...options.hidden].map((path) => resolve(path)),
    });
    const order = blindOrder(salt, vendor, set.items.length);
    const deadline = performance.now() + totalSeconds * 1000;
    try {
      const start = { type: 'start', protocol, kind: set.kind, classes: classesOf(set), items: order.length };
      ready(await process.ask({ ...start, lowestScore: LOWEST_SCORE }, startSeconds, 'start'));
      for (const [done, { id, item }] of order.entries()) {
        const left = (deadline - performance.now()) / 1000;
        if (left <= 0) throw new VendorFault('time', `it was not done within ${totalSeconds} s`);
        const question = { type: 'item', id, ...(await shownItem(options.setFolder, set, item)) };
        answers.push(answerOf(set.kind, id, await process.ask(question, Math.min(itemSeconds, left))));
        onItem(done + 1, order.length);
      }
      process.tell({ type: 'end' });
      return { answers };
    } catch (error) {
      if (!(error instanceof VendorFault)) throw error;
      return { answers, fault: { kind: error.kind, item: answers.length, message: error.message } };
    } finally {
      await process.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ready(line: string): void {
  if (parsed(line).type !== 'ready') throw new VendorFault('start', 'it did not say that it is ready');
}

function answerOf(kind: TestSet['kind'], id: string, line: string): Answer {
  const result = check(kind === 'detection' ? detectionAnswer : comparisonAnswer, parsed(line));
  if (!result.success) {
    const { place, what } = misfitOf(result.error);
    throw new VendorFault('answer', `its answer does not fit at ${place}: ${what}`);
  }
  const { type: _, ...answer } = result.data;
  if (answer.id !== id)
    throw new VendorFault('answer', 'it answered to another item than it was asked about');
  return answer;
}

function parsed(line: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(line);
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new VendorFault('answer', 'it wrote a line that is no JSON object');
}

function classesOf(set: TestSet): string[] {
  if (set.kind !== 'detection') return [];
  return [...new Set(set.items.flatMap(({ truth }) => truth.map((each) => each.class)))].sort();
}

async function shownItem(folder: string, set: TestSet, index: number): Promise<object> {
  const item = set.items[index];
  if (item === undefined) throw new RangeError(`there is no item ${index}`);
  if ('file' in item) return shownPicture(join(folder, item.file));
  const [probe, reference] = await Promise.all(
    [item.probe, item.reference].map((name) => shownPicture(join(folder, name))),
  );
  return { probe, reference };
}

/** Upright, without metadata, in one format: what a camera or a file name would give away is not there. */
async function shownPicture(path: string): Promise<object> {
  const { data, info } = await sharp(path)
    .rotate()
    .removeAlpha()
    .toColourspace('srgb')
    .png()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, media: 'image/png', data: data.toString('base64') };
}
