import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Platform } from '../../../platform/platform.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import { idOf } from './ids.ts';
import { keepWithIncidents } from './picture-retention.ts';
import type { RecordedAbout } from './recording-tables.ts';

/** What is kept of an alert to look at. */
export type PictureKind = 'snapshot' | 'clip' | 'masked-still' | 'masked-clip';

const CIPHER = 'aes-256-ctr';
const KEY_BYTES = 32;
const IV_BYTES = 16;
const mediaTypes: Readonly<Record<PictureKind, string>> = {
  snapshot: 'image/jpeg',
  clip: 'video/mp4',
  'masked-still': 'image/jpeg',
  'masked-clip': 'video/mp4',
};
const contextOf = (assetId: string): string => `watch-picture:${assetId}`;

/**
 * Puts the picture or clip of an alert into the vault. It is sealed once more before it goes there: whoever may read the
 * assets of a case gets nothing to look at, only {@link openPicture} does, behind a route that asks for a reason. (The
 * vault proves that the bytes are those that were stored.) Done twice, it is kept once. What is masked goes with the snapshot.
 * @param about what a recording shows of what was asked for.
 * @returns false while the alert itself is not there.
 */
export async function keepPicture(
  { db, vault, secrets, now }: Platform,
  kind: PictureKind,
  alertId: string,
  source: AsyncIterable<Uint8Array>,
  about: RecordedAbout = {},
): Promise<boolean> {
  const alert = await db
    .selectFrom('watch_alerts')
    .innerJoin('watch_sites', 'watch_sites.site_id', 'watch_alerts.site_id')
    .innerJoin('watch_cameras', 'watch_cameras.id', 'watch_alerts.camera_id')
    .select(['watch_alerts.site_id', 'watch_sites.case_id', 'watch_cameras.changed_by'])
    .select(['watch_alerts.snapshot', 'watch_alerts.incident_id'])
    .where('watch_alerts.id', '=', alertId)
    .executeTakeFirst();
  if (alert === undefined) return false;
  const assetId = idOf(kind, alertId);
  const secret = randomBytes(KEY_BYTES + IV_BYTES);
  const plain = createHash('sha256');
  const cipher = createCipheriv(CIPHER, secret.subarray(0, KEY_BYTES), secret.subarray(KEY_BYTES));
  async function* sealed(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      plain.update(piece);
      yield cipher.update(piece);
    }
    yield cipher.final();
  }
  try {
    await vault.put(assetId, sealed(), { maxBytes: Number.MAX_SAFE_INTEGER }, async (tx, stored) => {
      await tx
        .insertInto('assets')
        .values({
          id: assetId,
          site_id: alert.site_id,
          case_id: alert.case_id,
          name: `${kind}-${assetId}.sealed`,
          media_type: 'application/octet-stream',
          bytes: stored.bytes,
          sha256: stored.sha256,
          ...(kind.startsWith('masked') && alert.snapshot !== null
            ? { derived_from: alert.snapshot, role: 'proxy' }
            : { derived_from: null, role: 'record' }),
          retention: 'watch-picture',
          legal_hold: false,
          created_by: alert.changed_by,
        })
        .execute();
      await tx
        .insertInto('watch_pictures')
        .values({
          asset_id: assetId,
          wrapped_key: secrets.wrap(secret, contextOf(assetId)),
          media_type: mediaTypes[kind],
          sha256: plain.digest('hex'),
        })
        .execute();
      await showOf(tx, kind, alertId, assetId, about);
      await keepWithIncidents(tx, incidentsOf(alert));
      await append(tx, {
        kind: 'asset.made',
        at: now(),
        actor: 'system',
        siteId: alert.site_id,
        subjects: { case: alert.case_id, asset: assetId, alert: alertId },
        facts: { bytes: stored.bytes },
      });
    });
  } catch (error) {
    if (!(error instanceof TidewaiterError && error.code === 'E_VAULT_EXISTS')) throw error;
  }
  return true;
}

/** Lets an alert show what was recorded for another one, as both lie in it. @returns false while the alert is not there. */
export async function sharePicture(
  { db }: Platform,
  kind: Exclude<PictureKind, 'snapshot'>,
  alertId: string,
  of: string,
  about: RecordedAbout,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const alert = await tx
      .selectFrom('watch_alerts')
      .select('incident_id')
      .where('id', '=', alertId)
      .executeTakeFirst();
    if (alert === undefined) return false;
    await showOf(tx, kind, alertId, idOf(kind, of), about);
    await keepWithIncidents(tx, incidentsOf(alert));
    return true;
  });
}

const incidentsOf = ({ incident_id }: { readonly incident_id: string | null }): readonly string[] =>
  incident_id === null ? [] : [incident_id];

async function showOf(
  tx: DatabaseTransaction,
  kind: PictureKind,
  alertId: string,
  assetId: string,
  about: RecordedAbout,
): Promise<void> {
  if (kind === 'snapshot' || kind === 'clip')
    await tx
      .updateTable('watch_alerts')
      .set({ [kind]: assetId })
      .where('id', '=', alertId)
      .execute();
  if (kind === 'snapshot') return;
  await tx
    .insertInto('watch_recorded')
    .values({ alert_id: alertId, kind, asset_id: assetId, about: JSON.stringify(about) })
    .onConflict((clash) => clash.columns(['alert_id', 'kind']).doNothing())
    .execute();
}

/**
 * The plain bytes of a picture. Who asks for it has said why, and that is on record.
 * @throws TidewaiterError as the vault does.
 */
export async function openPicture(
  { db, vault, secrets }: Platform,
  assetId: string,
): Promise<{ readonly mediaType: string; readonly sha256: string; readonly body: Readable }> {
  const sealed = await vault.open(assetId);
  const { wrapped_key, media_type, sha256 } = await db
    .selectFrom('watch_pictures')
    .select(['wrapped_key', 'media_type', 'sha256'])
    .where('asset_id', '=', assetId)
    .executeTakeFirstOrThrow();
  const secret = secrets.unwrap(wrapped_key, contextOf(assetId));
  const decipher = createDecipheriv(CIPHER, secret.subarray(0, KEY_BYTES), secret.subarray(KEY_BYTES));
  return { mediaType: media_type, sha256, body: sealed.compose(decipher) as Readable };
}
