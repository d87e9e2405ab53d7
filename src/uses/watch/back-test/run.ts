import { TidewaiterError } from '../../../core/errors.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Alert } from '../alert.ts';
import { factsOf, hidesFacts } from '../learning/condition.ts';
import type { Site } from '../site/read.ts';
import type { CameraFile } from '../site/schema.ts';
import { tracksOf } from '../platform/tracks.ts';
import { pair, type ToldAlert } from './compare.ts';
import { unpack } from './track-batch.ts';
import { isTestable, TrackReplay } from './track-replay.ts';

/** What is to be tried, over what was followed in a period. */
export interface BackTestTask {
  readonly site: string;
  /** Parsed from the text that is to be tried. */
  readonly file: Site;
  readonly from: Date;
  readonly to: Date;
  /** Ids; all that the site watches when left out. */
  readonly cameras?: readonly string[];
}

/** An alert of a back-test: was told, or would be. */
export interface TestedAlert extends ToldAlert {
  readonly text: string;
  /** What people decided about its incident; null for what was never told or decided. */
  readonly outcome: 'confirmed' | 'dismissed' | null;
}

export interface BackTest {
  readonly rules: readonly {
    readonly camera: string;
    readonly rule: string;
    readonly before: number;
    readonly after: number;
    readonly same: number;
    readonly gone: number;
    readonly new: number;
  }[];
  /** How the alerts that would be gone had been decided. */
  readonly gone: { readonly confirmed: number; readonly dismissed: number; readonly undecided: number };
  readonly goneAlerts: readonly TestedAlert[];
  readonly newAlerts: readonly TestedAlert[];
  readonly same: number;
  /** Told alerts of which no tracks are kept: they are in no figure. */
  readonly withoutTracks: number;
  /** Rules that look at the picture. */
  readonly notTestable: readonly { readonly camera: string; readonly rule: string; readonly kind: string }[];
  /** Minutes in which something was followed, and looks. */
  readonly minutes: number;
  readonly looks: number;
}

/** Most minutes of tracks, and most alerts, of one test: it holds no more in memory, and ends in seconds. */
const MOST_BATCHES = 3000;
const MOST_ALERTS = 20_000;
/** Who stands in a zone when a period begins came into it before: so long before it is where rules begin. */
const WARM_UP_MS = 60_000;

interface WatchedSlot {
  readonly id: string;
  readonly slot: string;
}

/**
 * Runs other rules, zones or hours over what cameras followed, and compares with what was told. Reads only.
 * @throws TidewaiterError `E_BACK_TEST` when there is too much for one test, or a camera is not of the site.
 */
export async function backTest({ db }: Platform, task: BackTestTask, signal: AbortSignal): Promise<BackTest> {
  const cameras = await chosen(db, task);
  const { site, from, to, file } = task;
  const overrides = await db
    .selectFrom('watch_overrides')
    .selectAll()
    .where('site_id', '=', site)
    .where('from_at', '<', to)
    .where('until_at', '>', from)
    .orderBy('created_at')
    .execute();
  const learned = await db
    .selectFrom('watch_suppressions')
    .selectAll()
    .where('site_id', '=', site)
    .where('decided_at', 'is not', null)
    .where('expires_at', '>', from)
    .execute();
  const isHidden = (alert: Alert, camera: string, slot: CameraFile): boolean =>
    overrides.findLast(
      ({ camera_id, zone, from_at, until_at }) =>
        alert.at >= from_at.getTime() &&
        alert.at < until_at.getTime() &&
        (camera_id === null || camera_id === camera) &&
        (zone === null || zone === alert.reason.rule.place),
    )?.state === 'disarmed' ||
    learned.some(({ camera_id, condition, decided_at, expires_at, ended_at }) => {
      const end = Math.min(expires_at?.getTime() ?? 0, ended_at?.getTime() ?? Infinity);
      if (camera_id !== camera || alert.at < (decided_at?.getTime() ?? Infinity) || alert.at >= end)
        return false;
      const facts = factsOf(alert);
      return facts !== undefined && hidesFacts(condition, facts, file.calendar.timeZone, slot);
    });

  const before: TestedAlert[] = [];
  const after: TestedAlert[] = [];
  const notTestable: BackTest['notTestable'][number][] = [];
  let [withoutTracks, batches, looks] = [0, 0, 0];
  for (const { id, slot } of cameras) {
    const camera = file.cameras.find((one) => one.id === slot);
    if (camera === undefined) throw wrong(`The file has no camera ${slot}`);
    for (const rule of camera.rules)
      if (!isTestable(rule)) notTestable.push({ camera: id, rule: rule.id, kind: rule.kind });
    const armed = overrides
      .filter(({ state, camera_id }) => state === 'armed' && (camera_id === null || camera_id === id))
      .map(({ reason, from_at, until_at }) => ({
        ...{ state: 'armed' as const, reason, from: from_at.getTime(), to: until_at.getTime() },
      }));
    const calendar = { ...file.calendar, overrides: [...file.calendar.overrides, ...armed] };
    const followed = new Set<string>();
    let current: { readonly of: string; readonly replay: TrackReplay } | undefined;
    for await (const batch of tracksOf(db, id, new Date(from.getTime() - WARM_UP_MS), to)) {
      signal.throwIfAborted();
      if (++batches > MOST_BATCHES) throw wrong(`More than ${MOST_BATCHES} minutes of tracks`);
      const { run, segment, picture } = batch;
      const of = `${run} ${segment} ${picture.width}x${picture.height}`;
      if (current?.of !== of) current = { of, replay: new TrackReplay(camera, calendar, picture) };
      for (const look of unpack(batch)) {
        looks++;
        const isAsked = look.at >= from.getTime() && look.at < to.getTime();
        for (const alert of current.replay.look(look)) {
          if (!isAsked || alert.suppressed !== undefined || isHidden(alert, id, camera)) continue;
          const { track = '', at, reason } = alert;
          after.push({ camera: id, rule: reason.rule.id, run, track, at, text: reason.text, outcome: null });
          if (after.length > MOST_ALERTS) throw wrong(`More than ${MOST_ALERTS} alerts`);
        }
        if (isAsked) for (const { track } of look.things) followed.add(`${run} ${track}`);
      }
    }
    for (const one of await toldAlerts(db, id, from, to))
      if (followed.has(`${one.run} ${one.track}`)) before.push(one);
      else withoutTracks++;
  }
  const { same, gone, fresh } = pair(before, after);
  const keys = new Map(
    [...before, ...after].map(({ camera, rule }) => [`${camera} ${rule}`, { camera, rule }]),
  );
  const count = (list: readonly ToldAlert[], { camera, rule }: { camera: string; rule: string }): number =>
    list.filter((one) => one.camera === camera && one.rule === rule).length;
  const decided = (outcome: TestedAlert['outcome']): number =>
    gone.filter((one) => one.outcome === outcome).length;
  return {
    rules: [...keys.values()].map((key) => ({
      ...key,
      ...{ before: count(before, key), after: count(after, key) },
      same: count(
        same.map((one) => one.before),
        key,
      ),
      ...{ gone: count(gone, key), new: count(fresh, key) },
    })),
    gone: { confirmed: decided('confirmed'), dismissed: decided('dismissed'), undecided: decided(null) },
    ...{ goneAlerts: gone, newAlerts: fresh, same: same.length, withoutTracks, notTestable },
    ...{ minutes: batches, looks },
  };
}

async function chosen(db: Platform['db'], { site, cameras }: BackTestTask): Promise<readonly WatchedSlot[]> {
  const all = await db
    .selectFrom('watch_cameras')
    .select(['id', 'slot', 'enabled'])
    .where('site_id', '=', site)
    .orderBy('id')
    .execute();
  if (cameras === undefined) return all.filter(({ enabled }) => enabled);
  const found = all.filter(({ id }) => cameras.includes(id));
  if (found.length < new Set(cameras).size) throw wrong('The site has no such camera');
  return found;
}

/** What operators were shown, tests left out. */
async function toldAlerts(db: Platform['db'], camera: string, from: Date, to: Date): Promise<TestedAlert[]> {
  const rows = await db
    .selectFrom('watch_alerts as a')
    .innerJoin('watch_incidents as i', 'i.id', 'a.incident_id')
    .select(['a.rule', 'a.at', 'a.alert', 'a.run_id', 'i.outcome'])
    .where('a.camera_id', '=', camera)
    .where('a.test', '=', false)
    .where('a.at', '>=', from)
    .where('a.at', '<', to)
    .orderBy('a.at')
    .limit(MOST_ALERTS + 1)
    .execute();
  if (rows.length > MOST_ALERTS) throw wrong(`More than ${MOST_ALERTS} alerts`);
  return rows
    .filter(({ alert }) => isTestable(alert.reason.rule))
    .map(({ rule, at, alert, run_id, outcome }) => ({
      ...{ camera, rule, run: run_id ?? '', track: alert.track ?? '', at: at.getTime() },
      ...{ text: alert.reason.text, outcome },
    }));
}

function wrong(why: string): TidewaiterError {
  return new TidewaiterError('E_BACK_TEST', why, 'Name cameras of the site, or choose a shorter period.');
}
