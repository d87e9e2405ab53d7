import { TidewaiterError } from '../../../core/errors.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import { changeService } from '../../../platform/services/services.ts';
import type { ServiceKind } from '../../../platform/services/kind.ts';
import type { Calendar } from '../calendar/calendar.ts';
import { parseSite, type Site } from '../site/read.ts';
import type { CameraFile } from '../site/schema.ts';
import type { Recording, SourceAddress } from './tables.ts';

/** What opens a camera's stream. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** A camera with all that watching it takes. */
export interface WatchedCamera {
  readonly id: string;
  readonly siteId: string;
  readonly setUpBy: string;
  readonly source: SourceAddress;
  readonly detect: SourceAddress | null;
  readonly credentials: Credentials | undefined;
  readonly slot: CameraFile;
  readonly recording: Recording;
  /** With what people armed by hand for this camera. */
  readonly calendar: Calendar;
}

export const credentialContext = (cameraId: string): string => `watch-camera:${cameraId}`;

/** @throws TidewaiterError `E_WATCH_SLOT` when the site file has no such camera any more. */
export async function watchedCamera({ db, secrets }: Platform, id: string): Promise<WatchedCamera> {
  const row = await db.selectFrom('watch_cameras').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const file = await db
    .selectFrom('watch_site_files')
    .select('text')
    .where('site_id', '=', row.site_id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow();
  const site = parseSite(file.text, `the site file of ${row.site_id}`);
  // Disarming takes hold as alerts come in; only what is armed must be known to the rules themselves.
  const armed = await db
    .selectFrom('watch_overrides')
    .select(['state', 'reason', 'from_at', 'until_at'])
    .where('site_id', '=', row.site_id)
    .where('state', '=', 'armed')
    .where((eb) => eb.or([eb('camera_id', 'is', null), eb('camera_id', '=', id)]))
    .orderBy('created_at')
    .execute();
  const overrides = armed.map(({ state, reason, from_at, until_at }) => ({
    ...{ state, reason },
    ...{ from: from_at.getTime(), to: until_at.getTime() },
  }));
  return {
    ...{ id, siteId: row.site_id, setUpBy: row.changed_by, source: row.source, detect: row.detect },
    credentials:
      row.credentials === null
        ? undefined
        : (JSON.parse(secrets.unwrap(row.credentials, credentialContext(id)).toString()) as Credentials),
    slot: slotOf(site, row.slot),
    recording: row.recording,
    calendar: { ...site.calendar, overrides: [...site.calendar.overrides, ...overrides] },
  };
}

/** @throws TidewaiterError `E_WATCH_SLOT`. */
export function slotOf({ cameras }: Site, slot: string): CameraFile {
  const found = cameras.find(({ id }) => id === slot);
  if (found !== undefined) return found;
  throw new TidewaiterError(
    'E_WATCH_SLOT',
    `The site file has no camera ${slot}`,
    `Use one of: ${cameras.map(({ id }) => id).join(', ')}; or switch the camera off first.`,
  );
}

/** Lets cameras of a site begin anew with what was changed. @param cameraId all of the site when it is left out. */
export async function restartCameras(
  tx: DatabaseTransaction,
  kind: ServiceKind,
  siteId: string,
  { by, at, cameraId }: { readonly by: string; readonly at: Date; readonly cameraId?: string },
): Promise<void> {
  const cameras = await tx
    .selectFrom('watch_cameras')
    .select(['id', 'service_id', 'version'])
    .where('site_id', '=', siteId)
    .where('enabled', '=', true)
    .where(cameraId === undefined ? (eb) => eb.val(true) : (eb) => eb('id', '=', cameraId))
    .execute();
  for (const { id, service_id, version } of cameras)
    await changeService(tx, { id: service_id, kind, settings: { camera: id, revision: version }, by, at });
}
