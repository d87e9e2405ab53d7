import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { TidewaiterError } from '../../../core/errors.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Database, DatabaseTransaction } from '../../../platform/store/database.ts';
import { changeService } from '../../../platform/services/services.ts';
import type { ServiceKind } from '../../../platform/services/kind.ts';
import type { Calendar, Override } from '../calendar/calendar.ts';
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
  /** The version of the site file, and its hours. */
  readonly siteVersion: number;
  readonly siteCalendar: Calendar;
  /** Those hours, with what people armed by hand for this camera. */
  readonly calendar: Calendar;
}

/** What was armed until a moment ago may still be asked for: clocks are not all right. */
const STILL_MATTERS_MS = 3_600_000;

export const credentialContext = (cameraId: string): string => `watch-camera:${cameraId}`;

/** @throws TidewaiterError `E_WATCH_SLOT` when the site file has no such camera any more. */
export async function watchedCamera({ db, secrets, now }: Platform, id: string): Promise<WatchedCamera> {
  const row = await db.selectFrom('watch_cameras').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const file = await db
    .selectFrom('watch_site_files')
    .select(['version', 'text'])
    .where('site_id', '=', row.site_id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow();
  const site = parseSite(file.text, `the site file of ${row.site_id}`);
  const armed = await armedByHand(db, { id, siteId: row.site_id }, now());
  return {
    ...{ id, siteId: row.site_id, setUpBy: row.changed_by, source: row.source, detect: row.detect },
    credentials:
      row.credentials === null
        ? undefined
        : (JSON.parse(secrets.unwrap(row.credentials, credentialContext(id)).toString()) as Credentials),
    slot: slotOf(site, row.slot),
    recording: row.recording,
    ...{ siteVersion: file.version, siteCalendar: site.calendar },
    calendar: withArmed(site.calendar, armed),
  };
}

/**
 * Looks whether the hours of a watched camera are others than when it was looked before: those of its site file, and what
 * people armed.
 * @returns a function that gives them when they are.
 */
export function calendarChanges(
  { db, now }: Platform,
  camera: WatchedCamera,
): () => Promise<Calendar | undefined> {
  let { siteVersion: version, siteCalendar: ofSite, calendar: told } = camera;
  return async () => {
    // The text is long, and seldom another one.
    const file = await db
      .selectFrom('watch_site_files')
      .select(['version', 'text'])
      .where('site_id', '=', camera.siteId)
      .where('version', '>', version)
      .orderBy('version', 'desc')
      .executeTakeFirst();
    if (file !== undefined) {
      ofSite = parseSite(file.text, `the site file of ${camera.siteId}`).calendar;
      version = file.version;
    }
    const calendar = withArmed(ofSite, await armedByHand(db, camera, now()));
    if (isDeepStrictEqual(calendar, told)) return undefined;
    told = calendar;
    return calendar;
  };
}

/** Disarming takes hold as alerts come in; only what is armed must be known to the rules themselves. */
async function armedByHand(
  db: Database,
  { id, siteId }: Pick<WatchedCamera, 'id' | 'siteId'>,
  at: Date,
): Promise<Override[]> {
  const armed = await db
    .selectFrom('watch_overrides')
    .select(['state', 'reason', 'from_at', 'until_at'])
    .where('site_id', '=', siteId)
    .where('state', '=', 'armed')
    .where('until_at', '>', new Date(at.getTime() - STILL_MATTERS_MS))
    .where((eb) => eb.or([eb('camera_id', 'is', null), eb('camera_id', '=', id)]))
    .orderBy('created_at')
    .execute();
  return armed.map(({ state, reason, from_at, until_at }) => ({
    ...{ state, reason },
    ...{ from: from_at.getTime(), to: until_at.getTime() },
  }));
}

/** What people armed comes last: it wins over what the site file says. */
function withArmed(calendar: Calendar, armed: readonly Override[]): Calendar {
  return { ...calendar, overrides: [...calendar.overrides, ...armed] };
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

/** Which cameras of a site: one, those of some places in the site file, or all when both are left out. */
interface WhichCameras {
  readonly cameraId?: string;
  readonly slots?: readonly string[];
}

/** Lets cameras of a site begin anew with what was changed; the others are watched on. */
export async function restartCameras(
  tx: DatabaseTransaction,
  kind: ServiceKind,
  siteId: string,
  { by, at, cameraId, slots }: WhichCameras & { readonly by: string; readonly at: Date },
): Promise<void> {
  let wanted = tx
    .selectFrom('watch_cameras')
    .select(['id', 'service_id', 'version'])
    .where('site_id', '=', siteId)
    .where('enabled', '=', true);
  if (cameraId !== undefined) wanted = wanted.where('id', '=', cameraId);
  if (slots !== undefined) wanted = wanted.where(sql<boolean>`slot = any(${slots}::text[])`);
  for (const { id, service_id, version } of await wanted.execute())
    await changeService(tx, { id: service_id, kind, settings: { camera: id, revision: version }, by, at });
}

/**
 * Places of `after` that something else is to be looked for at than by the file before: all of them when this version
 * cannot read that file any more. Other hours reach a camera while it is watched.
 */
export function changedSlots(before: string, after: Site): string[] {
  const known = readable(before);
  return after.cameras
    .filter((camera) => !known?.cameras.some((one) => isDeepStrictEqual(one, camera)))
    .map(({ id }) => id);
}

function readable(text: string): Site | undefined {
  try {
    return parseSite(text, 'the site file');
  } catch {
    return undefined;
  }
}
