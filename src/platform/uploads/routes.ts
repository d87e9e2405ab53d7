import { join } from 'node:path';
import type { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { notFound } from '../http/problem.ts';
import { route, type Access, type Call, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { atRow, idParams, workers } from '../routes/access.ts';
import type { Upload } from './open-upload.ts';
import { checkTaking, recordReceived } from './receive.ts';
import { abilities, byteCount, checkVersion, nameIn, PIECE_TYPE, tusHeaders } from './tus.ts';
import { Uploads } from './uploads.ts';

type UploadCall = Call<z.output<typeof idParams>, undefined, undefined>;

/** Files in pieces, over connections that may break: tus 1.0.0 with creation, termination and expiration. */
export function uploadRoutes(platform: Platform): Route[] {
  const { db, vault, settings, now } = platform;
  const maxBytes = Math.floor(settings.uploads.largestGigabytes * 1e9);
  const uploads = new Uploads({
    db,
    vault,
    folder: join(settings.data, 'vault', 'drafts'),
    maxBytes,
    now,
    record: (tx, received, stored) => recordReceived(platform, tx, received, stored),
  });
  const common = { tag: 'Uploads', headers: tusHeaders, params: idParams } as const;
  const atUpload: Access = {
    kind: 'role',
    roles: workers,
    scope: 'upload',
    at: async ({ params }) => {
      const upload = await uploads.find(params['id'] ?? '');
      if (upload === undefined) return undefined;
      const row = await db
        .selectFrom('cases')
        .select('site_id')
        .where('id', '=', upload.caseId)
        .executeTakeFirst();
      return row?.site_id;
    },
  };
  /** Only who began an upload goes on with it. */
  const own = async ({ params, principal, headers }: UploadCall): Promise<Upload> => {
    checkVersion(headers);
    const upload = await uploads.find(params.id);
    if (upload?.by !== principal.personId) throw notFound();
    return upload;
  };
  return [
    ...['/cases/:id/uploads', '/uploads/:id'].map((path, index) =>
      route({
        ...common,
        method: 'OPTIONS',
        path,
        id: index === 0 ? 'uploadsAbilities' : 'uploadAbilities',
        summary: 'What uploads in pieces can do here',
        access: { kind: 'open' },
        status: 204,
        handle: () => Promise.resolve({ body: undefined, headers: abilities(maxBytes) }),
      }),
    ),
    route({
      ...common,
      method: 'POST',
      path: '/cases/:id/uploads',
      id: 'beginUpload',
      summary: 'Begin to upload a file in pieces: Upload-Length, and its filename in Upload-Metadata',
      access: atRow(db, 'cases', workers, 'upload'),
      status: 201,
      close: () => uploads.close(),
      handle: async ({ params, headers, principal }) => {
        checkVersion(headers);
        const metadata = headers['upload-metadata'];
        const name = nameIn(metadata);
        const length = byteCount(headers, 'upload-length');
        await checkTaking(db, params.id);
        const upload = await uploads.begin({
          caseId: params.id,
          by: principal.personId,
          metadata: metadata ?? '',
          name,
          length,
        });
        return {
          body: undefined,
          headers: { location: `/api/v1/uploads/${upload.id}`, ...stateOf(upload) },
        };
      },
    }),
    route({
      ...common,
      method: 'HEAD',
      path: '/uploads/:id',
      id: 'askUpload',
      summary: 'How far an upload is: Upload-Offset',
      access: atUpload,
      handle: async (call) => {
        const upload = await uploads.ask((await own(call)).id);
        return {
          body: undefined,
          headers: {
            ...stateOf(upload),
            'upload-length': String(upload.length),
            'upload-metadata': upload.metadata,
            'cache-control': 'no-store',
          },
        };
      },
    }),
    route({
      ...common,
      method: 'PATCH',
      path: '/uploads/:id',
      id: 'sendPiece',
      summary: 'Send the piece at Upload-Offset; with the last one the asset is there: Tidewaiter-Asset',
      access: atUpload,
      stream: PIECE_TYPE,
      status: 204,
      handle: async (call) => {
        const { headers, stream } = call;
        const { id, caseId } = await own(call);
        if (stream === undefined || headers['content-type'] !== PIECE_TYPE)
          throw new TidewaiterError(
            'E_MEDIA_TYPE',
            'The body is no piece of a file',
            `Send it as ${PIECE_TYPE}.`,
          );
        const offset = byteCount(headers, 'upload-offset');
        await checkTaking(db, caseId);
        const announced = headers['content-length'];
        const upload = await uploads.take(
          id,
          offset,
          stream,
          announced === undefined ? undefined : Number(announced),
        );
        return { body: undefined, headers: stateOf(upload) };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: '/uploads/:id',
      id: 'endUpload',
      summary: 'Give an upload up: nothing of it is kept',
      access: atUpload,
      status: 204,
      handle: async (call) => {
        await uploads.terminate((await own(call)).id);
        return { body: undefined };
      },
    }),
  ];
}

function stateOf({ id, offset, stored, expiresAt }: Upload): Record<string, string> {
  return {
    'upload-offset': String(offset),
    ...(stored ? { 'tidewaiter-asset': id } : { 'upload-expires': expiresAt.toUTCString() }),
  };
}
