import type { FrameObservations } from '../../core/observation.ts';
import type { Progress } from '../../core/progress.ts';
import type { Seconds } from '../../core/time.ts';
import { serveChild, type ChildContext } from '../../host/child.ts';
import type { Picture } from '../../media/picture/index.ts';
import type { Followed } from '../../vision/follow/follow.ts';
import { observe } from './analyse.ts';
import { startEngine, type EngineOptions } from './engine.ts';
import { checkFile, planFile, recordFile, renderPlan, spareInferenceThreads } from './passes.ts';
import type { RecordThumbnail } from './record/pdf.ts';
import { followInFile } from './review/follow-clip.ts';
import { lookAtTracks } from './review/similar-looks.ts';
import type {
  DetectTask,
  FollowTask,
  LooksTask,
  RedactTask,
  WorkerMessage,
  WorkerResult,
  WorkerTask,
} from './tasks.ts';

type Context = ChildContext<WorkerMessage>;

serveChild<WorkerTask, WorkerResult, WorkerMessage>((task, context) => {
  switch (task.task) {
    case 'redact':
      return redact({ ...task, engine: leased(task.engine, context) }, context);
    case 'detect':
      return detect({ ...task, engine: leased(task.engine, context) }, context);
    case 'follow':
      return followBox(task, context);
    case 'looks':
      return looksOf(task, context);
  }
});

/** Models open under the newest lease of this worker; what is recorded is the permit that it comes from. */
function leased(engine: EngineOptions, { lease }: Context): EngineOptions {
  return lease === undefined ? engine : { ...engine, lease };
}

/** Does the passes that this process was given, one after the other. */
async function redact(task: RedactTask, context: Context): Promise<WorkerResult> {
  const hooks = {
    onProgress: (progress: Progress) => context.send({ type: 'progress', progress }),
    signal: context.signal,
  };
  let { results } = task;
  let picture: Picture | undefined;
  let thumbnails: readonly RecordThumbnail[] = [];
  for (const pass of task.passes) {
    switch (pass) {
      case 'plan': {
        const deliveries: Promise<void>[] = [];
        const onLook = (seen: FrameObservations): void =>
          void deliveries.push(context.deliver({ type: 'seen', seen }));
        const planned = await planFile(task, task.deliver === true ? { ...hooks, onLook } : hooks);
        await Promise.all(deliveries);
        const { notes, regions, clip } = planned;
        ({ picture } = planned);
        results = { ...results, notes, regions, clip };
        break;
      }
      case 'render':
        results = { ...results, rendered: await renderPlan(task, picture, hooks) };
        break;
      case 'check': {
        const checked = await checkFile(task, hooks);
        ({ thumbnails } = checked);
        results = { ...results, checked: checked.report };
        break;
      }
      case 'record':
        results = { ...results, record: await recordFile(task, results, thumbnails) };
    }
  }
  return { task: 'redact', results };
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

async function followBox(task: FollowTask, { send, signal }: Context): Promise<WorkerResult> {
  const onFollowed = (followed: Followed): void => send({ type: 'followed', followed });
  return { task: 'follow', followed: await followInFile(task, { signal, onFollowed }) };
}

async function looksOf(task: LooksTask, { send, signal }: Context): Promise<WorkerResult> {
  const onFrame = (done: number, at: Seconds): void =>
    send({ type: 'progress', progress: { stage: 'compare', done, unit: 'frames', at } });
  return { task: 'looks', looks: await lookAtTracks(task, { signal, onFrame }) };
}
