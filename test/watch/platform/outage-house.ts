import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after } from 'node:test';
import sharp from 'sharp';
import { startEmbedded, type EmbeddedServer } from '../../../src/platform/embedded/start.ts';
import { ServiceRunner } from '../../../src/platform/services/runner.ts';
import { startService } from '../../../src/platform/services/services.ts';
import { readSettings } from '../../../src/platform/settings/settings.ts';
import { openPlatform, type OpenPlatform } from '../../../src/server/open-platform.ts';
import type { CameraHandlers } from '../../../src/uses/watch/live.ts';
import { watchServices } from '../../../src/uses/watch/platform/services.ts';
import { newWatchThings } from '../../platform/attack/watch-things.ts';
import { alertOf, ScriptedCamera } from './desk.ts';

/** Of every alert that is told. */
export const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
  .jpeg()
  .toBuffer();

export interface Watched {
  readonly data: string;
  readonly db: OpenPlatform['db'];
  readonly platform: OpenPlatform;
  readonly cameraId: string;
  readonly handlers: CameraHandlers;
  /** Handlers of its next run, when somebody has begun it. */
  next(): Promise<CameraHandlers>;
  /** Begins the database anew, and ends it. */
  start(): Promise<void>;
  stop(): Promise<void>;
  tell(n: number): Promise<void>;
  /** Numbers of the alerts that are in the database, in the order in which they came. */
  told(): Promise<number[]>;
}

/** A platform with a database of its own that can be taken away, and a camera of `pier` that is watched. */
export async function watched(data: string): Promise<Watched> {
  const start = (): Promise<EmbeddedServer> =>
    startEmbedded({ folder: join(data, 'database'), log: () => undefined, onFailed: () => undefined });
  let server: EmbeddedServer = await start();
  const { user, password, host, port, database } = server.connection;
  const address = `postgres://${user}:${encodeURIComponent(String(password))}@${encodeURIComponent(host)}:${port}/${database}`;
  const settings = await readSettings({ TIDEWAITER_DATA: data, TIDEWAITER_DATABASE_URL: address }, data);
  const platform = await openPlatform({
    ...{ settings, database: 'run', log: () => undefined, onFailed: () => undefined },
  });
  const { db } = platform;
  const camera = new ScriptedCamera();
  const kinds = watchServices(() => platform, camera.run);
  const runner = ServiceRunner.start({
    ...{ connection: platform.connection, kinds: Object.values(kinds), capacity: 5 },
    onError: () => undefined,
  });
  after(async () => {
    await runner.stop(3);
    await platform.close();
    await server.stop();
  });
  const by = randomUUID();
  await db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
  const caseId = randomUUID();
  await db
    .insertInto('cases')
    .values({ id: caseId, site_id: 'pier', use: 'watch', title: 'Watch', owner_id: by, state: 'open' })
    .execute();
  const { cameraId } = await newWatchThings(db, { site: 'pier', by, caseId });
  await db.transaction().execute((tx) =>
    startService(tx, {
      ...{ kind: kinds.camera, siteId: 'pier', settings: { camera: cameraId, revision: 1 } },
      ...{ by, at: new Date() },
    }),
  );
  const { handlers } = await camera.begun();
  const tell = async (n: number): Promise<void> =>
    handlers.onAlert?.(alertOf(n), { jpeg: picture, width: 64, height: 48 });
  const told = async (): Promise<number[]> =>
    (await db.selectFrom('watch_alerts').select('alert').orderBy('created_at').execute())
      .map(({ alert }) => alert.time)
      .filter((time) => time > 0);
  return {
    ...{ data, db, platform, cameraId, handlers, tell, told },
    next: async () => (await camera.begun()).handlers,
    start: async () => {
      server = await start();
    },
    stop: () => server.stop(),
  };
}
