import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { notFound } from '../../../platform/http/problem.ts';
import type { Platform } from '../../../platform/platform.ts';
import { newestHead } from '../../../governance/log/log.ts';
import { proveEntries, writeEvidence, type EvidenceClip } from '../evidence/index.ts';
import { coverageOf } from './coverage.ts';
import { openPicture } from './pictures.ts';
import { slotOf } from './cameras.ts';
import { parseSite } from '../site/read.ts';

const HOUR_MS = 3_600_000;
/** Entries of the ledger about one incident; people took so many steps at most. */
const MOST_ENTRIES = 500;

/**
 * Writes the evidence package of an incident's first alert, with the snapshots of its others.
 * @returns the folder that was made for it, which holds pictures of people: remove it; and the file.
 * @throws TidewaiterError `E_EVIDENCE`, and what the vault throws.
 */
export async function packageIncident(
  platform: Platform,
  incidentId: string,
): Promise<{ readonly folder: string; readonly file: string }> {
  const { settings } = platform;
  const parent = join(settings.data, 'watch', 'packages');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, 'package-'));
  try {
    return { folder, file: await writeInto(platform, incidentId, folder) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeInto(platform: Platform, incidentId: string, folder: string): Promise<string> {
  const { db, keys, now } = platform;
  const alerts = await db
    .selectFrom('watch_alerts')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('at')
    .orderBy('id')
    .limit(500)
    .execute();
  const [first] = alerts;
  if (first === undefined) throw notFound();
  const finding = await db
    .selectFrom('findings')
    .select('models')
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow();
  const steps = await db
    .selectFrom('watch_steps')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('at')
    .execute();
  const snapshots: Record<string, { readonly bytes: Uint8Array }> = {};
  for (const { id, snapshot } of alerts)
    if (snapshot !== null)
      snapshots[`${id}.jpg`] = { bytes: await buffer((await openPicture(platform, snapshot)).body) };
  const subjects = [incidentId, ...alerts.map(({ id }) => id)];
  const verifying = await keys.verifying('ledger');
  const ledger = await proveEntries(
    db,
    verifying.map(({ publicKey }) => publicKey),
    await entriesAbout(platform, subjects),
  );
  const file = join(folder, `incident-${incidentId}.zip`);
  await writeEvidence(
    {
      alert: { ...first.alert, id: first.id, incident: incidentId },
      clip: await clipOf(platform, first.id, first.clip, folder),
      snapshots,
      tracks: alerts.map(({ id, alert }) => ({
        ...{ alert: id, at: new Date(alert.at).toISOString(), box: alert.box, path: alert.reason.path },
        ...{ track: alert.track ?? null, class: alert.class ?? null, scores: alert.reason.scores },
      })),
      rule: { rule: first.alert.reason.rule, camera: await slotAt(platform, first.camera_id) },
      calendar: {
        schedule: first.alert.reason.schedule,
        coverage: await coverageAround(platform, first.camera_id, first.at),
      },
      models: modelsOf(finding.models),
      decisions: steps.map(({ step, made_by, note, facts, at }) => ({
        ...{ step, by: made_by, note, facts, at: at.toISOString() },
      })),
      ledger,
      subjects,
    },
    { file, key: await keys.signing('evidence'), madeAt: now() },
  );
  return file;
}

async function clipOf(
  platform: Platform,
  alertId: string,
  asset: string | null,
  folder: string,
): Promise<EvidenceClip> {
  if (asset === null) return { absent: 'nothing was recorded around this alert' };
  const { body, sha256 } = await openPicture(platform, asset);
  const path = join(folder, 'clip.mp4');
  await pipeline(body, createWriteStream(path, { mode: 0o600 }));
  const row = await platform.db
    .selectFrom('watch_recorded')
    .select('about')
    .where('alert_id', '=', alertId)
    .where('kind', '=', 'clip')
    .executeTakeFirst();
  return { path, sha256, about: { ...row?.about } };
}

/** Entries about any of these, under the newest signed head: later ones, such as this very release, cannot be proved yet. */
async function entriesAbout({ db }: Platform, subjects: readonly string[]): Promise<number[]> {
  const head = await newestHead(db);
  const { rows } = await sql<{ readonly index: number }>`
    select index from ledger
    where exists (select from jsonb_each_text(event->'subjects') s where s.value = any (${subjects}::text[]))
    order by index limit ${MOST_ENTRIES}`.execute(db);
  const size = head?.size ?? 0;
  const proved = rows.map(({ index }) => index).filter((index) => index < size);
  // Of an alert that is under no head yet there is nothing to prove: that is said, and not left out.
  return proved.length > 0 ? proved : rows.slice(0, 1).map(({ index }) => index);
}

/** The camera's rules and zones, as the site file has them now. */
async function slotAt({ db }: Platform, cameraId: string): Promise<object> {
  const { slot, site_id } = await db
    .selectFrom('watch_cameras')
    .select(['slot', 'site_id'])
    .where('id', '=', cameraId)
    .executeTakeFirstOrThrow();
  const { text, version } = await db
    .selectFrom('watch_site_files')
    .select(['text', 'version'])
    .where('site_id', '=', site_id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow();
  return { siteFileVersion: version, ...slotOf(parseSite(text, `the site file of ${site_id}`), slot) };
}

async function coverageAround({ db }: Platform, cameraId: string, at: Date): Promise<object[]> {
  const [from, to] = [new Date(at.getTime() - HOUR_MS), new Date(at.getTime() + HOUR_MS)];
  const hours = await coverageOf(db, cameraId, from, to);
  return hours.map(({ hour, ...seconds }) => ({ hour: hour.toISOString(), ...seconds }));
}

function modelsOf(models: unknown): { readonly id: string; readonly digest: string }[] {
  return Array.isArray(models)
    ? models.map(({ id, digest }: { id: string; digest: string }) => ({ id, digest }))
    : [];
}
