import { setTimeout } from 'node:timers/promises';
import { serveChild, type ChildContext } from '../../host/child.ts';
import { openVideo } from '../../media/video/index.ts';
import { CameraWatch } from './camera-watch.ts';
import { startEngine } from './engine.ts';
import type { ReplaySummary, ReplayTask, WorkerMessage } from './tasks.ts';

serveChild<ReplayTask, ReplaySummary, WorkerMessage>(async (task, context) => {
  const engine = await startEngine(task.engine);
  try {
    return await replay(task, context, engine);
  } finally {
    await engine.close();
  }
});

/** In real time, a frame that is later than this is left out: an operator needs what is, not what was. */
const tooLateMs = 1000;

async function replay(
  task: ReplayTask,
  { send, deliver, signal }: ChildContext<WorkerMessage>,
  engine: Awaited<ReturnType<typeof startEngine>>,
): Promise<ReplaySummary> {
  const reader = await openVideo(task.input, { signal });
  const { size: picture, frameCountEstimate } = reader.info;
  const watch = new CameraWatch({
    camera: task.camera,
    calendar: task.calendar,
    picture,
    detector: engine.detector,
    budget: task.budget,
  });
  const began = performance.now();
  const cpu = process.cpuUsage();
  let [frames, skipped, windows, missedPlaces, lastTime] = [0, 0, 0, 0, 0];
  let first: number | undefined;
  for await (const frame of reader.frames({ threads: 1, tolerate: 'blank', every: task.every })) {
    signal.throwIfAborted();
    const ownTime = task.rate === undefined ? frame.time : frame.index / task.rate;
    first ??= ownTime;
    const time = ownTime - first;
    // A stream whose times stand still or jump back has no order that rules could use.
    if (frames > 0 && time <= lastTime) continue;
    const due = began + time * 1000;
    if (task.realTime && performance.now() < due)
      await setTimeout(due - performance.now(), undefined, { signal });
    frames++;
    lastTime = time;
    if (task.realTime && performance.now() - due > tooLateMs) {
      skipped++;
      continue;
    }
    const decoded = performance.now();
    const looked = await watch.look({
      source: frame,
      time,
      at: task.start + time * 1000,
      captured: task.realTime ? due : decoded,
      decoded,
      now: () => performance.now(),
    });
    windows += looked.windows;
    missedPlaces += looked.missed;
    for (const alert of looked.alerts) await deliver({ type: 'alert', alert });
    for (const incident of looked.closed) await deliver({ type: 'incident', incident });
    if (task.trace) {
      const observations = looked.observations.map(({ class: name, box, score }) => ({
        class: name,
        box,
        score,
      }));
      const tracks = looked.tracks
        .filter(({ seenNow }) => seenNow)
        .map(({ id, class: name, box }) => ({ id, class: name, box }));
      await deliver({ type: 'trace', trace: { frame: frame.index, time, observations, tracks } });
    }
    send({
      type: 'progress',
      progress: {
        stage: 'watch',
        done: frame.index + 1,
        unit: 'frames',
        at: time,
        ...(frameCountEstimate === undefined ? {} : { total: frameCountEstimate }),
      },
    });
  }
  for (const incident of watch.finish()) await deliver({ type: 'incident', incident });
  const { user, system } = process.cpuUsage(cpu);
  return {
    frames,
    skipped,
    seconds: lastTime,
    windowsPerFrame: windows / Math.max(1, frames - skipped),
    missedPlaces,
    cpuPerFrame: (user + system) / 1000 / Math.max(1, frames - skipped),
    picture: { width: picture.width, height: picture.height },
    model: engine.model,
    ...(engine.stamp === undefined ? {} : { stamp: engine.stamp }),
  };
}
