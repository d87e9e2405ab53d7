import { sql } from 'kysely';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../../platform/store/database.ts';
import type { Alert } from '../alert.ts';
import { slotOf } from '../platform/cameras.ts';
import '../platform/tracks-tables.ts';
import { parseSite } from '../site/read.ts';
import { factsOf, hidesFacts, minuteOf } from './condition.ts';
import type { Context, PastAlert } from './propose.ts';

/** Days that proposals are learned from, and tried on. */
export const learnedDays = 30;
/** Alerts of one camera in those days beyond which it must be mended otherwise. */
export const MOST_PAST = 50_000;
/** How near, on one camera, a hidden alert lies to an incident that is confirmed. */
const NEIGHBOUR_MS = 10 * 60_000;
/** How like a past alert must be to be named on the reason card, and how many are. */
const alike = { height: 0.25, minutes: 60, foot: 0.15 };
const mostAlike = 3;
const mostLookedAt = 200;

/** The camera as the newest site file has it. @throws TidewaiterError as `parseSite` and `slotOf` do. */
export async function contextOf(db: Database | DatabaseTransaction, camera: string): Promise<Context> {
  const row = await db
    .selectFrom('watch_cameras as c')
    .innerJoin('watch_site_files as f', 'f.site_id', 'c.site_id')
    .select(['c.slot', 'f.text'])
    .where('c.id', '=', camera)
    .orderBy('f.version', 'desc')
    .executeTakeFirstOrThrow();
  const file = parseSite(row.text, 'the site file');
  return { timeZone: file.calendar.timeZone, slot: slotOf(file, row.slot), days: learnedDays };
}

/** What a camera told operators of late, and what became of it; tests left out. The newest {@link MOST_PAST} and one. */
export async function pastAlerts(
  db: Database | DatabaseTransaction,
  camera: string,
  now: Date,
): Promise<PastAlert[]> {
  const rows = await db
    .selectFrom('watch_alerts as a')
    .innerJoin('watch_incidents as i', 'i.id', 'a.incident_id')
    .select(['a.alert', 'i.outcome', 'i.escalated_to'])
    .where('a.camera_id', '=', camera)
    .where('a.test', '=', false)
    .where('a.at', '>=', new Date(now.getTime() - learnedDays * 86_400_000))
    .orderBy('a.at', 'desc')
    .limit(MOST_PAST + 1)
    .execute();
  return rows.flatMap(({ alert, outcome, escalated_to }) => {
    const facts = factsOf(alert);
    if (facts === undefined) return [];
    const real = outcome === 'confirmed' || (outcome === null && escalated_to !== null);
    return [{ ...facts, outcome: real ? 'real' : outcome === 'dismissed' ? 'dismissed' : 'undecided' }];
  });
}

/** The approved suppression that hides an alert. Protected zones are those of the newest site file; without one nothing is hidden. */
export async function learnedFor(
  tx: DatabaseTransaction,
  camera: string,
  alert: Alert,
): Promise<string | undefined> {
  const facts = factsOf(alert);
  if (facts === undefined) return undefined;
  const rows = await tx
    .selectFrom('watch_suppressions')
    .select(['id', 'condition'])
    .where('camera_id', '=', camera)
    .where('state', '=', 'approved')
    .where('decided_at', '<=', new Date(alert.at))
    .where('expires_at', '>', new Date(alert.at))
    .orderBy('id')
    .execute();
  if (rows.length === 0) return undefined;
  const { timeZone, slot } = await contextOf(tx, camera);
  return rows.find(({ condition }) => hidesFacts(condition, facts, timeZone, slot))?.id;
}

/** Dismissed incidents that were most like an alert: the same rule, about as high, at that place and time of day. */
export async function similarTo(
  tx: DatabaseTransaction,
  camera: string,
  alert: Alert,
): Promise<NonNullable<Alert['reason']['similar']>> {
  const facts = factsOf(alert);
  if (facts === undefined) return [];
  const rows = await tx
    .selectFrom('watch_alerts as a')
    .innerJoin('watch_incidents as i', 'i.id', 'a.incident_id')
    .select(['a.alert', 'a.at', 'i.id', 'i.dismissal'])
    .where('a.camera_id', '=', camera)
    .where('a.rule', '=', alert.reason.rule.id)
    .where('a.test', '=', false)
    .where('a.at', '>=', new Date(alert.at - learnedDays * 86_400_000))
    .where('i.outcome', '=', 'dismissed')
    .orderBy('a.at', 'desc')
    .limit(mostLookedAt)
    .execute();
  const near = rows.flatMap(({ alert: past, at, id, dismissal }) => {
    const other = factsOf(past);
    if (other === undefined || other.class !== facts.class || dismissal === null) return [];
    const minutes = Math.abs(minuteOf(other.at, 'UTC') - minuteOf(facts.at, 'UTC'));
    const apart = {
      height: Math.abs(other.height - facts.height) / facts.height,
      minutes: Math.min(minutes, 1440 - minutes),
      foot: Math.hypot(other.foot[0] - facts.foot[0], other.foot[1] - facts.foot[1]),
    };
    const parts = [apart.height / alike.height, apart.minutes / alike.minutes, apart.foot / alike.foot];
    if (parts.some((part) => part > 1)) return [];
    const distance = Math.hypot(...parts);
    return [{ distance, incident: id, dismissal, at: at.toISOString() }];
  });
  const once = near
    .sort((a, b) => a.distance - b.distance)
    .filter(({ incident }, at, list) => list.findIndex((one) => one.incident === incident) === at);
  return once.slice(0, mostAlike).map(({ distance: _, ...one }) => one);
}

/** An incident was confirmed: whatever hid an alert beside it is to be looked at again. */
export async function flagNeighbours(
  tx: DatabaseTransaction,
  incident: { readonly id: string; readonly site_id: string; readonly camera_id: string },
  at: Date,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update watch_suppressions s set flagged_at = ${at}, flagged_incident = ${incident.id}
    where s.camera_id = ${incident.camera_id} and s.state = 'approved' and s.flagged_at is null
      and exists (
        select from watch_alerts h join watch_alerts c on c.incident_id = ${incident.id}
        where h.camera_id = s.camera_id and h.suppressed = 'learned: ' || s.id
          and h.at between c.at - ${NEIGHBOUR_MS} * interval '1 millisecond'
            and c.at + ${NEIGHBOUR_MS} * interval '1 millisecond')
    returning s.id`.execute(tx);
  for (const { id } of rows)
    await append(tx, {
      ...{ kind: 'watch.suppression-flagged', at, actor: 'system', siteId: incident.site_id },
      subjects: { suppression: id, incident: incident.id },
    });
}
