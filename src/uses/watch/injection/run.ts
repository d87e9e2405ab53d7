import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Selectable, sql } from 'kysely';
import { TidewaiterError } from '../../../core/errors.ts';
import type { PermitGate } from '../../../governance/permits/gate.ts';
import { defaultCacheDir } from '../../../models/cache.ts';
import { findModel } from '../../../models/registry.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import type { Alert } from '../alert.ts';
import { charter } from '../charter.ts';
import { watchedCamera } from '../platform/cameras.ts';
import { Delivery } from '../platform/delivery.ts';
import type { RunOf } from '../platform/ingest.ts';
import { CameraRecording } from '../platform/recording.ts';
import type { PlayClip } from './play.ts';
import type { WatchInjectionPlansTable, WatchInjectionsTable } from './tables.ts';

/** Windows for each frame, as a camera has them. */
const budget = 10;

export const injectionFolder = ({ settings }: Platform, site: string): string =>
  join(settings.data, 'watch', 'injections', site);

/** What a playing is done with. */
export interface Injector {
  readonly platform: Platform;
  readonly gate: PermitGate;
  readonly play: PlayClip;
  readonly signal: AbortSignal;
  /** The run of the service that does it. */
  readonly run: { readonly id: string; readonly generation: number };
}

type Plan = Selectable<WatchInjectionPlansTable>;

/** Plays the clip of a plan beside its camera, once, and notes what came of it. */
export async function inject(injector: Injector, plan: Plan): Promise<void> {
  const { platform, signal } = injector;
  const folder = injectionFolder(platform, plan.site_id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, randomUUID());
  const run = await beginRun(injector, plan);
  let problem: string | null = null;
  let startedAt: number | undefined;
  try {
    const body = await platform.vault.open(plan.asset_id);
    await pipeline(body, createWriteStream(file, { mode: 0o600 }), { signal });
    startedAt = await playInto(injector, plan, run, file);
  } catch (error) {
    if (signal.aborted) problem = 'stopped before its end';
    else problem = error instanceof TidewaiterError ? error.code : String(error);
  } finally {
    await rm(file, { force: true });
  }
  await note(injector, plan, run, { startedAt, problem });
}

/** The row that what the clip gives belongs to. It is no run of the camera's service, and tells nothing of its state. */
async function beginRun({ platform, run: service }: Injector, plan: Plan): Promise<RunOf> {
  const { db, now } = platform;
  const [model] = charter.models;
  const { card } = await findModel(model?.id ?? '', { cacheDir: defaultCacheDir(process.env, homedir()) });
  const run: RunOf = {
    ...{ id: randomUUID(), cameraId: plan.camera_id, siteId: plan.site_id, generation: service.generation },
    models: [{ id: card.id, digest: card.digest }],
  };
  await db.transaction().execute(async (tx) => {
    await fenced(tx, service);
    await tx
      .insertInto('watch_runs')
      .values({ ...{ id: run.id, camera_id: plan.camera_id, generation: run.generation }, started_at: now() })
      .execute();
    await tx
      .insertInto('watch_injections')
      .values({
        ...{ run_id: run.id, plan_id: plan.id, site_id: plan.site_id, camera_id: plan.camera_id },
        ...{ played_at: now(), state: 'playing', latency: null, incident_id: null, problem: null },
      })
      .execute();
  });
  return run;
}

/** @returns wall time of the clip's first frame. */
async function playInto(
  { platform, gate, play, signal, run: service }: Injector,
  plan: Plan,
  run: RunOf,
  file: string,
): Promise<number | undefined> {
  const camera = await watchedCamera(platform, plan.camera_id);
  const source = await gate.admit({
    ...{ id: service.id, use: charter.use, queue: 'watch.injections', purpose: charter.use },
    ...{ siteId: plan.site_id, caseId: undefined, createdBy: plan.made_by },
    input: { camera: plan.camera_id },
  });
  if (source === undefined) throw new TypeError('models were to run without anybody having been asked');
  const { permit, publicKey, purpose, site } = source;
  const reached = await reachedBy(platform, plan.camera_id);
  const delivery = await Delivery.start(platform, run);
  const recording = await CameraRecording.start(platform, run, { ...camera.recording, continuousDays: 0 });
  let startedAt: number | undefined;
  try {
    await play(
      {
        ...{ file, camera: camera.slot, calendar: camera.calendar, budget, time: reached.seconds },
        engine: {
          ...{ permit, purpose, site },
          ...(publicKey === undefined ? {} : { publicKey }),
          ...{ cacheDir: defaultCacheDir(process.env, homedir()), threads: 1 },
        },
      },
      {
        ...{ signal, permit: source },
        onState: ({ since }) => void (startedAt ??= since),
        onAlert: async (told, { jpeg }, masked) => {
          const alert = renumbered(told, reached.track);
          await delivery.report({ kind: 'alert', alert, test: true });
          await delivery.picture(alert.id, jpeg);
          if (alert.suppressed === undefined) await recording.alert(alert, masked?.jpeg);
        },
        onIncident: ({ id }) => delivery.report({ kind: 'over', incident: id, at: Date.now() }),
        onHead: (head) => recording.head(head),
        onFragment: (fragment) => recording.fragment(fragment),
        onMaskedHead: (head) => recording.maskedHead(head),
        onMaskedFragment: (fragment) => recording.maskedFragment(fragment),
      },
    );
  } finally {
    await recording.end().catch(() => undefined);
    delivery.end();
  }
  await delivery.over;
  return startedAt;
}

/** How far the camera's own run has come. A test that counted from nothing would be known by it. */
async function reachedBy(
  { db, now }: Platform,
  cameraId: string,
): Promise<{ readonly seconds: number; readonly track: number }> {
  const own = await db
    .selectFrom('watch_runs')
    .select(['id', 'started_at'])
    .where('camera_id', '=', cameraId)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('watch_injections').select('run_id').whereRef('run_id', '=', 'watch_runs.id'))),
    )
    .orderBy('started_at', 'desc')
    .executeTakeFirst();
  if (own === undefined) return { seconds: 0, track: 0 };
  const { rows } = await sql<{ track: number | null }>`
    select max(substring(alert->>'track' from '[0-9]+$')::bigint)::float8 as track
    from watch_alerts where run_id = ${own.id}`.execute(db);
  const seconds = Math.max(0, (now().getTime() - own.started_at.getTime()) / 1000);
  return { seconds, track: rows[0]?.track ?? 0 };
}

function renumbered(alert: Alert, from: number): Alert {
  if (alert.track === undefined) return alert;
  return { ...alert, track: alert.track.replace(/\d+$/, (number) => String(Number(number) + from)) };
}

/** Whether the rule alerted in its time, of the alerts as they are kept: the calendar and people may have disarmed it. */
async function note(
  { platform: { db, now }, run: service }: Injector,
  plan: Plan,
  run: RunOf,
  { startedAt, problem }: { readonly startedAt: number | undefined; readonly problem: string | null },
): Promise<void> {
  const alerts = await db
    .selectFrom('watch_alerts')
    .select(['at', 'incident_id', 'suppressed'])
    .where('run_id', '=', run.id)
    .where('rule', '=', plan.rule)
    .orderBy('at')
    .execute();
  const from = startedAt ?? 0;
  const late = from + plan.within_seconds * 1000;
  const inTime = alerts.filter(({ at }) => at.getTime() <= late);
  const hit = inTime.find(({ incident_id }) => incident_id !== null);
  const disarmed = inTime.some(
    ({ suppressed }) => suppressed === 'site open' || suppressed === 'disarmed by hand',
  );
  const state: WatchInjectionsTable['state'] =
    hit !== undefined
      ? 'detected'
      : problem !== null || startedAt === undefined
        ? 'failed'
        : disarmed
          ? 'not armed'
          : 'undetected';
  const latency = hit === undefined ? null : (hit.at.getTime() - from) / 1000;
  const incident = hit?.incident_id ?? null;
  await db.transaction().execute(async (tx) => {
    await fenced(tx, service);
    await tx
      .updateTable('watch_injections')
      .set({ state, latency, incident_id: incident, problem })
      .where('run_id', '=', run.id)
      .execute();
    await tx.updateTable('watch_injection_plans').set({ problem }).where('id', '=', plan.id).execute();
    await append(tx, {
      ...{ kind: 'watch.injection-played', at: now(), actor: 'system', siteId: plan.site_id },
      subjects: {
        ...{ plan: plan.id, camera: plan.camera_id, asset: plan.asset_id },
        ...(incident === null ? {} : { incident }),
      },
      facts: { state, ...(latency === null ? {} : { latency }) },
    });
  });
}
