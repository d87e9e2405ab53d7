import { readFile, stat, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { sha256, sha256File } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Picture } from '../../media/picture/index.ts';
import { efforts } from '../../vision/effort.ts';
import { analyse } from './analyse.ts';
import type { ClipTimes } from './check/doubts.ts';
import { checkLook, checkRendered } from './check/index.ts';
import type { CheckReport } from './check/report.ts';
import { startEngine, type LookOptions } from './engine.ts';
import { formatPlan, parsePlan, type RedactionPlan } from './plan.ts';
import { planDigest, settingsDigest } from './record/digests.ts';
import { exemptionLog } from './record/exemptions.ts';
import { countRegions, makeRecord, withAttachments } from './record/make.ts';
import { writeRedactionPdf, type RecordThumbnail } from './record/pdf.ts';
import { formatRecord, type RecordAttachment, type RedactionRecord } from './record/schema.ts';
import { Thumbnails } from './record/thumbnails.ts';
import { render } from './render.ts';
import { checkedProfile, type RedactionSettings } from './settings.ts';
import type { FileInWork, PassResults, RedactTask } from './tasks.ts';
import type { AnalyseHooks, Rendered, RenderHooks } from './work.ts';

/**
 * The room that this thread's collector was given (see collector.ts) is not for threads that start now: theirs holds
 * results of networks, which are garbage at once and would fill it.
 */
export function spareInferenceThreads(): void {
  setFlagsFromString('--initial-old-space-size=0');
}

/** Looks at the source and writes the plan. */
export async function planFile(
  task: RedactTask,
  hooks: AnalyseHooks,
): Promise<{
  readonly notes: readonly string[];
  readonly clip: ClipTimes;
  readonly regions: RedactionRecord['regions'];
  readonly picture?: Picture;
}> {
  spareInferenceThreads();
  const engine = await startEngine(task.engine, lookOf(task.settings));
  try {
    const { input, kind, container } = task;
    const request = { input, kind, container, allowDamage: task.settings.allowDamage === true };
    const { plan, analysis } = await analyse(request, task.settings, engine, {
      ...hooks,
      onLooked: () => engine.close(),
    });
    await writeFile(task.files.plan.path, formatPlan(plan), { flag: 'wx' });
    const { notes, picture, first, last, cuts } = analysis;
    const clip = { first, last, cuts };
    return { notes, clip, regions: countRegions(plan), ...(picture === undefined ? {} : { picture }) };
  } finally {
    // The models' memory is not needed while rendering.
    await engine.close();
  }
}

function lookOf(settings: RedactionSettings): LookOptions {
  return {
    effort: efforts[checkedProfile(settings).effort],
    models: settings.models ?? [],
    words: settings.words ?? [],
    patterns: settings.patterns ?? [],
  };
}

/**
 * Draws the plan, which is that of the pass before or the one that the user gave.
 * @param picture the source, when it is a picture that is open already.
 */
export async function renderPlan(
  task: RedactTask,
  picture: Picture | undefined,
  hooks: RenderHooks,
): Promise<Rendered> {
  if (task.plan !== undefined) {
    const plan = await givenPlan(task, task.plan);
    await writeFile(task.files.plan.path, formatPlan(plan), { flag: 'wx' });
  }
  return render(
    {
      input: task.input,
      plan: (await writtenPlan(task)).plan,
      output: task.files.media.path,
      allowDamage: task.settings.allowDamage === true,
      ...(picture === undefined ? {} : { picture }),
    },
    hooks,
  );
}

/** A plan renders only the file it was made for: on another one its boxes would cover the wrong things. */
async function givenPlan(task: RedactTask, text: string): Promise<RedactionPlan> {
  const plan = parsePlan(text);
  if (plan.source.sha256 !== (await sha256File(task.input))) {
    throw new TidewaiterError(
      'E_PLAN_SOURCE',
      `The plan was made for another file than ${task.input} (${plan.source.file}, or it was changed since)`,
      'Give the file the plan was made for, or run without --plan.',
    );
  }
  return { ...plan, output: { ...plan.output, container: task.container } };
}

/** Looks at what was rendered, and takes small pictures of it. */
export async function checkFile(
  task: RedactTask,
  hooks: RenderHooks,
): Promise<{ readonly report: CheckReport; readonly thumbnails: readonly RecordThumbnail[] }> {
  const { plan } = await writtenPlan(task);
  // With a plan that was given, the plan alone says what is to be covered.
  const settings = task.plan === undefined ? { settings: task.settings } : {};
  const thumbnails = new Thumbnails(plan);
  spareInferenceThreads();
  const engine = await startEngine(task.engine, checkLook(plan, settings.settings, task.engine.permit));
  try {
    const report = await checkRendered(
      {
        output: task.files.media.path,
        kind: task.kind,
        plan,
        ...settings,
        onFrame: (source, time) => thumbnails.look(source, time),
      },
      engine,
      { ...hooks, onLooked: () => engine.close() },
    );
    return { report, thumbnails: thumbnails.taken };
  } finally {
    await engine.close();
  }
}

/** Writes the record and what is made from it. */
export async function recordFile(
  task: RedactTask,
  { rendered, notes = [], checked }: PassResults,
  thumbnails: readonly RecordThumbnail[],
): Promise<RedactionRecord> {
  if (rendered === undefined) throw new TypeError('there is no record of what was not rendered');
  const { media, plan: planFileName, record: recordFileName, log, report } = task.files;
  const { plan, text } = await writtenPlan(task);
  const bare = makeRecord({
    plan,
    rendered,
    files: {
      source: { file: plan.source.file, sha256: plan.source.sha256, bytes: (await stat(task.input)).size },
      output: {
        file: media.name,
        sha256: await sha256File(media.path),
        bytes: (await stat(media.path)).size,
      },
      plan: { file: planFileName.name, sha256: planDigest(text) },
    },
    settingsDigest: task.plan === undefined ? settingsDigest(task.settings) : planDigest(task.plan),
    notes,
    madeAt: new Date().toISOString(),
    ...(task.plan === undefined || checked !== undefined ? { permit: task.engine.permit } : {}),
    ...(task.settings.reasons === undefined ? {} : { reasons: task.settings.reasons }),
    ...(checked === undefined ? {} : { check: checked }),
  });
  const record = withAttachments(bare, [
    await attach('csv', log, Buffer.from(exemptionLog(bare))),
    await attach('pdf', report, await writeRedactionPdf(bare, thumbnails)),
  ]);
  await writeFile(recordFileName.path, formatRecord(record), { flag: 'wx' });
  return record;
}

async function attach(
  kind: RecordAttachment['kind'],
  { path, name }: FileInWork,
  bytes: Buffer,
): Promise<RecordAttachment> {
  await writeFile(path, bytes, { flag: 'wx' });
  return { kind, file: name, sha256: sha256(bytes), bytes: bytes.length };
}

/** The plan as it was written: what is rendered is what a person can read. */
async function writtenPlan({ files }: RedactTask): Promise<{ plan: RedactionPlan; text: string }> {
  const text = await readFile(files.plan.path, 'utf8');
  return { plan: parsePlan(text), text };
}
