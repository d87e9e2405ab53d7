import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Answer, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, idParams } from '../../../../platform/routes/access.ts';
import { checkPerson, unmasked } from '../access.ts';
import { packageIncident } from '../evidence-package.ts';
import { reason, recordLook } from '../live-access.ts';
import { findIncident } from './incidents.ts';

/** What leaves the house about an incident. */
export function evidenceRoutes(platform: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/watch/incidents/:id/evidence',
      id: 'packageEvidence',
      tag: 'Watch',
      summary: 'All that is known about an incident in one signed zip; who took it, and why, is recorded',
      access: atRow(platform.db, 'watch_incidents', unmasked, 'read'),
      params: idParams,
      query: z.object({ reason }),
      handle: async ({ params, query, principal }): Promise<Answer<Readable>> => {
        checkPerson(principal);
        const incident = await findIncident(platform.db, params.id);
        // Nothing happened: there is no evidence of it.
        if (incident.test) throw notFound();
        const made = await packageIncident(platform, params.id);
        const clear = (): void =>
          void rm(made.folder, { recursive: true, force: true }).catch(() => undefined);
        try {
          await recordLook(platform, {
            ...{ what: 'evidence', reason: query.reason, cameraId: incident.camera_id },
            ...{ by: principal.personId, about: params.id },
            ...{ from: incident.started_at, until: incident.last_alert_at },
          });
          const { size } = await stat(made.file);
          const body = createReadStream(made.file);
          body.once('close', clear);
          return {
            body,
            headers: {
              'content-type': 'application/zip',
              'content-length': String(size),
              'content-disposition': `attachment; filename="incident-${params.id}.zip"`,
              'cache-control': 'private, no-store',
              'x-content-type-options': 'nosniff',
            },
          };
        } catch (error) {
          clear();
          throw error;
        }
      },
    }),
  ];
}
