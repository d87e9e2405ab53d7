import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import type { Readable } from 'node:stream';
import { ServiceRunner } from '../../src/platform/services/runner.ts';
import type { PlayClip } from '../../src/uses/watch/injection/play.ts';
import type { RunCamera } from '../../src/uses/watch/platform/camera-service.ts';
import { watchServices } from '../../src/uses/watch/platform/services.ts';
import type { House } from '../platform/attack/house.ts';

/** Runs the services of watch as a server does, with what plays clips; without it, the real one. */
export function runWithClips({ platform }: House, run: RunCamera, play?: PlayClip): void {
  const runner = ServiceRunner.start({
    connection: (platform as unknown as { connection: never }).connection,
    kinds: Object.values(watchServices(() => platform, run, play)),
    capacity: 20,
    onError: () => undefined,
  });
  after(() => runner.stop(3));
}

/** Puts a film into the vault, as an upload to the case of the watched site does. @returns the id of its asset. */
export async function keepClip(
  { platform: { db, vault } }: House,
  site: string,
  by: string,
  film: Readable,
): Promise<string> {
  const id = randomUUID();
  const { case_id } = await db
    .selectFrom('watch_sites')
    .select('case_id')
    .where('site_id', '=', site)
    .executeTakeFirstOrThrow();
  await vault.put(id, film, { maxBytes: 1e9 }, async (tx, { bytes, sha256 }) => {
    await tx
      .insertInto('assets')
      .values({
        ...{ id, site_id: site, case_id, name: 'known.mp4', media_type: 'video/mp4', bytes, sha256 },
        ...{ derived_from: null, role: 'original', retention: 'watch-picture', legal_hold: false },
        created_by: by,
      })
      .execute();
  });
  return id;
}
