import { setTimeout } from 'node:timers/promises';
import { serveChild, type ChildContext } from '../../../host/child.ts';
import { BlankedRecorder } from '../../../media/live/record/index.ts';
import { openVideo } from '../../../media/video/index.ts';
import { CameraWatch } from '../camera-watch.ts';
import { MadeStream } from '../camera/made-stream.ts';
import { Masking } from '../camera/masking.ts';
import { startEngine, type Engine } from '../engine.ts';
import type { LiveMessage } from '../live-messages.ts';
import { Outbox } from '../live-outbox.ts';
import { snapshotOf } from '../live-pictures.ts';
import { PrivacyZones } from '../privacy.ts';
import type { ClipTask } from './play.ts';

serveChild<ClipTask, null, LiveMessage>(async (task, context) => {
  const permit = (await context.lease?.()) ?? task.engine.permit;
  const engine = await startEngine({ ...task.engine, permit });
  try {
    await play(task, context, engine);
  } finally {
    await engine.close();
  }
  return null;
});

const snapshotWidth = 1280;
/** Of a clip that is longer only so much is played. */
const mostSeconds = 600;
/** Frames that are later than this are left out, as a camera's are. */
const tooLateMs = 1000;

/** Plays the clip in real time through what looks at the camera, and tells what a camera would tell of it. */
async function play(
  { file, camera, calendar, budget, time: began }: ClipTask,
  context: ChildContext<LiveMessage>,
  engine: Engine,
): Promise<void> {
  const { signal } = context;
  const outbox = new Outbox(context);
  const put = (message: LiveMessage): void => outbox.put(message);
  const reader = await openVideo(file, { signal });
  const { width, height } = reader.info.size;
  const { detector } = engine;
  const watch = new CameraWatch({ camera, calendar, picture: { width, height }, detector, budget });
  const privacy = new PrivacyZones(camera.privacy);
  const masking = new Masking(privacy, put);
  const zones = camera.privacy.map(({ polygon }) => polygon);
  const seen = new MadeStream({
    start: () => new BlankedRecorder({ zones, now: Date.now }),
    onHead: (head) => put({ type: 'head', head }),
    onFragment: (fragment) => put({ type: 'fragment', fragment }),
  });
  const started = performance.now();
  const startedAt = Date.now();
  put({ type: 'state', state: { state: 'live', since: startedAt } });
  let first: number | undefined;
  let last = -1;
  for await (const frame of reader.frames({ threads: 1, tolerate: 'blank', every: 1 })) {
    signal.throwIfAborted();
    first ??= frame.time;
    const own = frame.time - first;
    if (own <= last) continue;
    if (own > mostSeconds) break;
    last = own;
    const due = started + own * 1000;
    const early = due - performance.now();
    if (early < -tooLateMs) continue;
    if (early > 0) await setTimeout(early, undefined, { signal });
    // Counted on from what the camera's own run has reached: times in a reason card give nothing away.
    const time = began + own;
    const at = startedAt + own * 1000;
    const looked = await watch.look({
      ...{ source: frame, time, at, captured: due, decoded: performance.now() },
      now: () => performance.now(),
    });
    await seen.push(frame, time, at, (recorder) => recorder.push(frame));
    const masked = await masking.look(frame, { time, at, looked });
    if (looked.alerts.length > 0) {
      const snapshot = await snapshotOf(frame, privacy, snapshotWidth);
      for (const alert of looked.alerts)
        put({ type: 'alert', alert, snapshot, ...(masked === undefined ? {} : { masked }) });
    }
    for (const incident of looked.closed) put({ type: 'incident', incident });
  }
  for (const incident of watch.finish()) put({ type: 'incident', incident });
  await seen.end();
  await masking.end();
  await outbox.empty();
}
