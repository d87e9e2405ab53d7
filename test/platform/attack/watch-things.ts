import { randomUUID } from 'node:crypto';
import type { Database } from '../../../src/platform/store/database.ts';
import '../../../src/uses/watch/injection/tables.ts';
import '../../../src/uses/watch/outputs/tables.ts';
import '../../../src/uses/watch/platform/tables.ts';
import '../../../src/uses/watch/platform/tracks-tables.ts';

/** A watched camera of a site, and an alert with a sealed snapshot that nobody can open. */
export interface WatchThings {
  readonly cameraId: string;
  readonly incidentId: string;
  readonly alertId: string;
  readonly overrideId: string;
  readonly channelId: string;
  readonly suppressionId: string;
  readonly planId: string;
}

const siteFile = (slot: string): string => `site: Somewhere
timeZone: UTC
cameras:
  - id: ${slot}
    zones:
      - { id: dock, polygon: [[0, 0], [1, 0], [1, 1]] }
`;

/** As rows: how they come to be is tested elsewhere. */
export async function newWatchThings(
  db: Database,
  { site, by, caseId }: { readonly site: string; readonly by: string; readonly caseId: string },
): Promise<WatchThings> {
  const [cameraId, incidentId, alertId, overrideId, asset] = [1, 2, 3, 4, 5].map(() => randomUUID()) as [
    ...[string, string, string, string, string],
  ];
  const at = new Date();
  const clocks = JSON.stringify({ high: 60, medium: 180, low: 600 });
  await db
    .insertInto('watch_sites')
    .values({ site_id: site, case_id: caseId, version: 1, clocks })
    .onConflict((clash) => clash.column('site_id').doNothing())
    .execute();
  await db
    .insertInto('watch_site_files')
    .values({ site_id: site, version: 1, text: siteFile(slotOf(cameraId)), made_by: by, made_at: at })
    .onConflict((clash) => clash.columns(['site_id', 'version']).doNothing())
    .execute();
  await newCamera(db, { site, by, id: cameraId });
  await db
    .insertInto('findings')
    .values({
      ...{ id: incidentId, site_id: site, case_id: null, use: 'watch', kind: 'watch-incident' },
      ...{ score: 0.5, reasons: '[]', evidence: '{}', models: '[]' },
    })
    .execute();
  await db
    .insertInto('watch_incidents')
    .values({
      ...{ id: incidentId, site_id: site, camera_id: cameraId, severity: 'low', test: false },
      ...{ started_at: at, last_alert_at: at, rules: ['dock'], tracks: [], due_at: at },
    })
    .execute();
  await db
    .insertInto('assets')
    .values({
      ...{ id: asset, site_id: site, case_id: caseId, name: 'snapshot', role: 'record' },
      ...{ media_type: 'application/octet-stream', bytes: 1, sha256: '0'.repeat(64), derived_from: null },
      ...{ retention: 'watch-picture', legal_hold: false, created_by: by, erased_at: at },
    } as never)
    .execute();
  await db
    .insertInto('watch_alerts')
    .values({
      ...{ id: alertId, site_id: site, camera_id: cameraId, incident_id: incidentId, at, rule: 'dock' },
      ...{ severity: 'low', suppressed: null, override_id: null, test: false, snapshot: asset, clip: null },
      alert: JSON.stringify({ box: {}, reason: {}, latency: {} }),
    })
    .execute();
  await db
    .insertInto('watch_overrides')
    .values({
      ...{ id: overrideId, site_id: site, camera_id: null, zone: null, state: 'disarmed', reason: 'a test' },
      ...{ from_at: at, until_at: new Date(at.getTime() + 3_600_000), made_by: by },
    })
    .execute();
  const suppressionId = randomUUID();
  const condition = { place: 'dock', class: 'person', minutes: null, heights: null, area: null };
  const none = {
    dismissed: 0,
    confirmed: 0,
    undecided: 0,
    days: 30,
    sentence: '',
    purity: { low: 0, high: 1 },
  };
  await db
    .insertInto('watch_suppressions')
    .values({
      ...{ id: suppressionId, site_id: site, camera_id: cameraId, state: 'ended', proposed_by: by },
      ...{ condition: JSON.stringify(condition), evidence: JSON.stringify(none), created_at: at },
      ...{ decided_by: by, decided_at: at, expires_at: at, reason: 'a test', ended_by: by, ended_at: at },
      ...{ end_reason: 'a test', flagged_at: null, flagged_incident: null },
    })
    .execute();
  const channelId = await newChannel(db, site);
  const planId = await newPlan(db, { site, by, cameraId, asset });
  return { cameraId, incidentId, alertId, overrideId, channelId, suppressionId, planId };
}

/** A plan to play a clip, ended before it was played. */
async function newPlan(
  db: Database,
  { site, by, cameraId, asset }: { site: string; by: string; cameraId: string; asset: string },
): Promise<string> {
  const id = randomUUID();
  await db
    .insertInto('watch_injectors')
    .values({ site_id: site, service_id: randomUUID() })
    .onConflict((clash) => clash.column('site_id').doNothing())
    .execute();
  await db
    .insertInto('watch_injection_plans')
    .values({
      ...{ id, site_id: site, camera_id: cameraId, asset_id: asset, rule: 'dock', within_seconds: 5 },
      ...{
        every_hours: null,
        from_hour: null,
        to_hour: null,
        reason: 'a test',
        next_at: null,
        problem: null,
      },
      ...{ made_by: by, ended_by: by, ended_at: new Date() },
    })
    .execute();
  return id;
}

/** A channel of a watched site, switched off. */
export async function newChannel(db: Database, site: string): Promise<string> {
  const [id, service_id] = [randomUUID(), randomUUID()];
  await db
    .insertInto('watch_outputs')
    .values({ site_id: site, service_id, seq: 0 })
    .onConflict((clash) => clash.column('site_id').doNothing())
    .execute();
  await db
    .insertInto('watch_channels')
    .values({
      ...{ id, site_id: site, name: 'A channel', kind: 'webhook', problem: null, changed_by: randomUUID() },
      ...{ destination: '{"kind":"webhook","url":"https://hooks.example/x"}', secrets: Buffer.alloc(32) },
      ...{ choice: '{"severities":["high"],"rules":[],"steps":["new"],"quiet":{}}', enabled: false },
    })
    .execute();
  return id;
}

/** A camera that is not watched. */
export async function newCamera(
  db: Database,
  { site, by, id = randomUUID() }: { readonly site: string; readonly by: string; readonly id?: string },
): Promise<string> {
  await db
    .insertInto('watch_cameras')
    .values({
      ...{ id, site_id: site, slot: slotOf(id), name: 'A camera', detect: null, credentials: null },
      ...{ source: JSON.stringify({ url: 'rtsp://127.0.0.1:1/x' }), enabled: false },
      recording: JSON.stringify({ preRoll: 5, postRoll: 10, continuousDays: 0 }),
      ...{ service_id: randomUUID(), changed_by: by },
    })
    .execute();
  return id;
}

function slotOf(camera: string): string {
  return `c${camera.slice(0, 8)}`;
}
