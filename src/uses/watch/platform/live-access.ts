import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TidewaiterError } from '../../../core/errors.ts';
import { notFound } from '../../../platform/http/problem.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { viewOf, type CameraView } from './live-view.ts';
import type { WatchViewsTable } from './recording-tables.ts';

/** Why somebody looks at people as the camera sees them. Give the number of a case rather than names. */
export const reason = z.string().trim().min(3).max(1000).describe('Recorded before anything is shown.');

/** What is looked at. */
export interface Looking extends Pick<WatchViewsTable, 'what' | 'reason'> {
  readonly cameraId: string;
  readonly by: string;
  readonly from: Date;
  readonly until: Date;
  /** The incident of a package. */
  readonly about?: string;
}

/** Records that somebody looks at a camera as it sees. Nothing is shown when that fails. */
export async function recordLook({ db, now }: Platform, look: Looking): Promise<void> {
  const id = randomUUID();
  await db.transaction().execute(async (tx) => {
    const camera = await tx
      .selectFrom('watch_cameras')
      .select('site_id')
      .where('id', '=', look.cameraId)
      .executeTakeFirst();
    if (camera === undefined) throw notFound();
    await tx
      .insertInto('watch_views')
      .values({
        ...{ id, camera_id: look.cameraId, what: look.what, about: look.about ?? null },
        ...{ from_at: look.from, until_at: look.until, reason: look.reason, made_by: look.by, at: now() },
      })
      .execute();
    await append(tx, {
      ...{ kind: `watch.${look.what}-viewed`, at: now(), actor: look.by, siteId: camera.site_id },
      subjects: {
        camera: look.cameraId,
        view: id,
        ...(look.about === undefined ? {} : { incident: look.about }),
      },
      facts: { from: look.from.toISOString(), until: look.until.toISOString() },
    });
  });
}

/** @throws TidewaiterError `E_WATCH_ELSEWHERE` when this process does not watch the camera. */
export function viewHere(cameraId: string): CameraView {
  const view = viewOf(cameraId);
  if (view !== undefined) return view;
  throw new TidewaiterError(
    'E_WATCH_ELSEWHERE',
    'This server does not watch the camera now: it is switched off, begins anew, or another machine watches it',
    'Look at the state of the camera; if it is seen, ask the server that runs its service.',
  );
}
