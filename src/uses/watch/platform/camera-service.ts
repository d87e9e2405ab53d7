import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { setInterval } from 'node:timers/promises';
import { z } from 'zod';
import type { PermitGate } from '../../../governance/permits/gate.ts';
import type { PermitSource } from '../../../host/permit-source.ts';
import type { LiveAddress } from '../../../media/live/address.ts';
import type { LiveState } from '../../../media/live/state.ts';
import { defaultCacheDir } from '../../../models/cache.ts';
import { findModel } from '../../../models/registry.ts';
import type { Platform } from '../../../platform/platform.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import { serviceKind, type ServiceContext, type ServiceKind } from '../../../platform/services/kind.ts';
import type { Calendar } from '../calendar/calendar.ts';
import { charter } from '../charter.ts';
import type { CameraHandlers, CameraHealth, CameraTask } from '../live.ts';
import { calendarChanges, watchedCamera, type WatchedCamera } from './cameras.ts';
import { Delivery, deliverLeftAgain } from './delivery.ts';
import type { RunOf } from './ingest.ts';
import { Rates, type CameraNote } from './camera-note.ts';
import { openView } from './live-view.ts';
import { CameraRecording } from './recording.ts';
import type { CameraState } from './tables.ts';

/** Watches a camera until its signal ends it: `watchCamera`, or a file in its place. */
export type RunCamera = (task: CameraTask, handlers: CameraHandlers) => Promise<unknown>;

export interface CameraServiceOptions {
  readonly platform: () => Platform;
  readonly gate: () => PermitGate;
  readonly run: RunCamera;
}

export const CAMERA_SERVICE = 'watch.camera';
/** How often it is written that a camera is still watched, to which coverage is right, and looked for other hours. */
const BEAT_MS = 1000;
/** Windows for each frame. */
const budget = 10;

/** Watching a camera of a site, as a service. */
export function cameraService(options: CameraServiceOptions): ServiceKind {
  return serviceKind({
    name: CAMERA_SERVICE,
    use: charter.use,
    settings: cameraSettings,
    concurrency: 16,
    run: ({ id, settings }, context) => watch(options, { id, cameraId: settings.camera }, context),
  });
}

/** What a service of a camera is given. `revision` changes when the service must begin anew. */
export const cameraSettings = z.strictObject({ camera: z.uuid(), revision: z.int() });

async function watch(
  { platform: opened, gate, run: runCamera }: CameraServiceOptions,
  { id: serviceId, cameraId }: { readonly id: string; readonly cameraId: string },
  { signal, generation, tell }: ServiceContext,
): Promise<void> {
  const platform = opened();
  const camera = await watchedCamera(platform, cameraId);
  const permit = await gate().admit({
    ...{ id: serviceId, use: charter.use, queue: CAMERA_SERVICE, purpose: charter.use },
    ...{ siteId: camera.siteId, caseId: undefined, createdBy: camera.setUpBy, input: { camera: cameraId } },
  });
  if (permit === undefined) throw new TypeError('models were to run without anybody having been asked');
  const run = await beginRun(platform, serviceId, camera, generation);
  const delivery = await Delivery.start(platform, run);
  const ended = new AbortController();
  let keepTo: ((calendar: Calendar) => void) | undefined;
  const changes = calendarChanges(platform, camera);
  const beats = eachBeat(ended.signal, [
    () => beat(platform, serviceId, run),
    async () => {
      // What changes before somebody can be told is told then.
      const calendar = keepTo && (await changes());
      if (calendar !== undefined) keepTo?.(calendar);
    },
    // Much may be left, and beats do not wait for it.
    async () => void deliverLeftAgain(platform).catch(() => undefined),
  ]);
  const recording = await CameraRecording.start(platform, run, camera.recording);
  const { view, close } = openView(cameraId);
  const rates = new Rates();
  const sight = new Sight((state, why, at) => delivery.report({ kind: 'state', state, why, at }));
  try {
    await sight.live({ state: 'connecting', since: Date.now() });
    await runCamera(taskOf(camera, permit), {
      signal,
      permit,
      onStarted: (tell) => {
        keepTo = tell;
      },
      onState: async (state) => {
        await sight.live(state);
        if (state.state === 'lost') await recording.lost();
      },
      onHealth: (health) => sight.health(health),
      onAlert: async (alert, { jpeg }, masked) => {
        await delivery.report({ kind: 'alert', alert, test: false });
        await delivery.picture(alert.id, jpeg);
        if (alert.suppressed === undefined) await recording.alert(alert, masked?.jpeg);
      },
      onFigures: (figures) =>
        tell({ ...rates.update(figures), ...delivery.standing, ...recording.standing } satisfies CameraNote),
      onHead: (head) => {
        view.head(head);
        return recording.head(head);
      },
      onFragment: (fragment) => {
        view.fragment(fragment);
        return recording.fragment(fragment);
      },
      onMasked: (frame) => view.masked(frame),
      onMaskedHead: (head) => recording.maskedHead(head),
      onMaskedFragment: (fragment) => recording.maskedFragment(fragment),
      onTracks: (batch) => delivery.report({ kind: 'tracks', batch }),
      onIncident: ({ id }) => delivery.report({ kind: 'over', incident: id, at: Date.now() }),
    });
  } finally {
    ended.abort();
    close();
    await recording.end().catch(() => undefined);
    await sight.end().catch(() => undefined);
    delivery.end();
    await beats;
  }
}

/** The row that what this run tells belongs to; spans that an older run could not end are over. */
async function beginRun(
  { db, now }: Platform,
  serviceId: string,
  { id, siteId }: WatchedCamera,
  generation: number,
): Promise<RunOf> {
  const [model] = charter.models;
  const { card } = await findModel(model?.id ?? '', { cacheDir: defaultCacheDir(process.env, homedir()) });
  const run: RunOf = {
    ...{ id: randomUUID(), cameraId: id, siteId, generation },
    models: [{ id: card.id, digest: card.digest }],
  };
  await db.transaction().execute(async (tx) => {
    await fenced(tx, { id: serviceId, generation });
    await tx
      .updateTable('watch_spans')
      .set({ open: false })
      .where('camera_id', '=', id)
      .where('open', '=', true)
      .execute();
    await tx
      .insertInto('watch_runs')
      .values({ id: run.id, camera_id: id, generation, started_at: now() })
      .execute();
  });
  return run;
}

/** Does what is to be done every second, one after the other; what fails is done the next time. */
async function eachBeat(signal: AbortSignal, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  try {
    for await (const _ of setInterval(BEAT_MS, undefined, { signal, ref: false }))
      for (const task of tasks) await task().catch(() => undefined);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Writes that the camera is still watched. */
async function beat({ db }: Platform, serviceId: string, { id, generation }: RunOf): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await fenced(tx, { id: serviceId, generation });
    await tx
      .updateTable('watch_spans')
      .set({ until: new Date() })
      .where('run_id', '=', id)
      .where('open', '=', true)
      .where('until', '<', new Date())
      .execute();
  });
}

/** Whether the camera sees, of whether pictures arrive and of what they show. Tells when that changes. */
class Sight {
  readonly #tell: (state: CameraState, why: string, at: number) => Promise<void>;
  #live: LiveState = { state: 'connecting', since: 0 };
  #health: CameraHealth | undefined;
  #told = '';

  constructor(tell: (state: CameraState, why: string, at: number) => Promise<void>) {
    this.#tell = tell;
  }

  live(state: LiveState): Promise<void> {
    this.#live = state;
    // What the picture suffered from before is not known of the new one.
    this.#health = undefined;
    return this.#say(state.since);
  }

  health(health: CameraHealth): Promise<void> {
    this.#health = health;
    // What was counted over a time in which nothing came would make that one in which it saw.
    return this.#say(Math.max(health.since, this.#live.since));
  }

  end(): Promise<void> {
    return this.#tell('off', 'not watched', Date.now());
  }

  async #say(at: number): Promise<void> {
    const [state, why] = this.#now();
    if (`${state} ${why}` === this.#told) return;
    this.#told = `${state} ${why}`;
    await this.#tell(state, why, at);
  }

  #now(): [CameraState, string] {
    const { state, report } = this.#live;
    if (state === 'connecting') return ['connecting', 'connecting'];
    if (state === 'lost') return ['blind', report?.code ?? 'lost'];
    const health = this.#health?.state ?? 'good';
    if (health === 'good' || health === 'slow' || health === 'out-of-time') return ['seeing', health];
    // A moved camera sees, though not what it should: its zones mean nothing.
    return ['blind', health];
  }
}

function taskOf(camera: WatchedCamera, { permit, publicKey, purpose, site }: PermitSource): CameraTask {
  const { source, detect, credentials, slot, calendar } = camera;
  const address = ({ url, transport }: NonNullable<typeof detect>): LiveAddress => ({
    url,
    ...(transport === undefined ? {} : { transport }),
    ...(credentials ?? {}),
  });
  return {
    source: address(source),
    ...(detect === null ? {} : { detect: address(detect) }),
    camera: slot,
    calendar,
    engine: {
      ...{ permit, purpose, site },
      ...(publicKey === undefined ? {} : { publicKey }),
      ...{ cacheDir: defaultCacheDir(process.env, homedir()), threads: 1 },
    },
    budget,
  };
}
