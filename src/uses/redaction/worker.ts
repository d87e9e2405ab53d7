import { readFile, stat, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { sha256File } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { serveChild, type ChildContext } from '../../host/child.ts';
import type { Picture } from '../../media/picture/index.ts';
import { efforts } from '../../vision/effort.ts';
import { analyse, observe } from './analyse.ts';
import { startEngine, type LookOptions } from './engine.ts';
import { formatPlan, parsePlan, type RedactionPlan } from './plan.ts';
import { countRegions, makeRecord, planDigest, settingsDigest, type RedactionRecord } from './record.ts';
import { render } from './render.ts';
import { checkedProfile, type RedactionSettings } from './settings.ts';
import type { Analysis, Rendered } from './work.ts';
import type { PassResults, WorkerMessage, WorkerResult, WorkerTask } from './tasks.ts';

type RedactTask = Extract<WorkerTask, { task: 'redact' }>;
type DetectTask = Extract<WorkerTask, { task: 'detect' }>;
type Context = ChildContext<WorkerMessage>;

serveChild<WorkerTask, WorkerResult, WorkerMessage>((task, context) =>
  task.task === 'redact' ? redact(task, context) : detect(task, context),
);

async function redact(task: RedactTask, context: Context): Promise<WorkerResult> {
  let results = task.results;
  let picture: Picture | undefined;
  for (const pass of task.passes) {
    if (pass === 'plan') {
      const { plan, analysis } = await planFor(task, context);
      await writeFile(task.files.plan.path, formatPlan(plan), { flag: 'wx' });
      ({ picture } = analysis);
      results = { ...results, notes: analysis.notes, regions: countRegions(plan) };
    } else if (pass === 'render') {
      results = { ...results, rendered: await renderPlan(task, picture, context) };
    } else {
      results = { ...results, record: await recordOf(task, results) };
    }
  }
  return { task: 'redact', results };
}

async function renderPlan(
  task: RedactTask,
  picture: Picture | undefined,
  context: Context,
): Promise<Rendered> {
  if (task.plan !== undefined) {
    const plan = await givenPlan(task, task.plan);
    await writeFile(task.files.plan.path, formatPlan(plan), { flag: 'wx' });
  }
  return render(
    {
      input: task.input,
      plan: await writtenPlan(task),
      output: task.files.media.path,
      allowDamage: task.settings.allowDamage === true,
      ...(picture === undefined ? {} : { picture }),
    },
    { onProgress: (progress) => context.send({ type: 'progress', progress }), signal: context.signal },
  );
}

async function recordOf(task: RedactTask, results: PassResults): Promise<RedactionRecord> {
  const { media, plan: planFile, record: recordFile } = task.files;
  if (results.rendered === undefined) throw new TypeError('there is no record of what was not rendered');
  const planText = await readFile(planFile.path, 'utf8');
  const plan = parsePlan(planText);
  const record = makeRecord(
    plan,
    results.rendered,
    {
      source: { file: plan.source.file, sha256: plan.source.sha256, bytes: await bytesOf(task.input) },
      output: { file: media.name, sha256: await sha256File(media.path), bytes: await bytesOf(media.path) },
      plan: { file: planFile.name, sha256: planDigest(planText) },
    },
    task.plan === undefined ? settingsDigest(task.settings) : planDigest(task.plan),
    results.notes ?? [],
  );
  await writeFile(recordFile.path, `${JSON.stringify(record, undefined, 2)}\n`, { flag: 'wx' });
  return record;
}

/** The plan as it was written: what is rendered is what a person can read. */
async function writtenPlan({ files }: RedactTask): Promise<RedactionPlan> {
  return parsePlan(await readFile(files.plan.path, 'utf8'));
}

/**
 * The room that this thread's collector was given (see collector.ts) is not for threads that start now: theirs holds
 * results of networks, which are garbage at once and would fill it.
 */
function spareInferenceThreads(): void {
  setFlagsFromString('--initial-old-space-size=0');
}

async function planFor(
  task: RedactTask,
  context: Context,
): Promise<{ plan: RedactionPlan; analysis: Analysis }> {
  spareInferenceThreads();
  const engine = await startEngine(task.engine, lookOf(task.settings));
  try {
    const request = {
      input: task.input,
      kind: task.kind,
      container: task.container,
      allowDamage: task.settings.allowDamage === true,
    };
    return await analyse(request, task.settings, engine, {
      onProgress: (progress) => context.send({ type: 'progress', progress }),
      signal: context.signal,
    });
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

async function detect(task: DetectTask, context: Context): Promise<WorkerResult> {
  spareInferenceThreads();
  const engine = await startEngine(task.engine, task.look);
  try {
    const deliveries: Promise<void>[] = [];
    const { notes } = await observe({ ...task, container: '' }, engine, {
      onProgress: (progress) => context.send({ type: 'progress', progress }),
      onLook: (seen) => deliveries.push(context.deliver({ type: 'seen', seen })),
      signal: context.signal,
    });
    await Promise.all(deliveries);
    const { models, stamp } = engine;
    return { task: 'detect', models, notes, ...(stamp === undefined ? {} : { stamp }) };
  } finally {
    await engine.close();
  }
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path)).size;
}
