import { Readable } from 'node:stream';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { route, type Answer, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams } from '../../../../platform/routes/access.ts';
import { checkPerson, unmasked } from '../access.ts';
import type { MaskedFrame } from '../../live.ts';
import { reason, recordLook, viewHere } from '../live-access.ts';
import { viewOf, type CameraView } from '../live-view.ts';

/** The service of the camera may begin anew, or be taken over by another machine: whoever watches asks again. */
const CHECK_MS = 1000;
const BOUNDARY = 'tidewaiter-masked';

/** Cameras as they are seen now. */
export function liveRoutes(platform: Platform): Route[] {
  const { db, now } = platform;
  return [
    route({
      method: 'GET',
      path: '/watch/cameras/:id/live',
      id: 'watchCameraLive',
      tag: 'Watch',
      summary:
        'A camera as it sees, over a WebSocket: JSON with the codecs, the head, then fragments of MP4; who watches, and why, is recorded',
      access: atRow(db, 'watch_cameras', unmasked, 'read'),
      params: idParams,
      query: z.object({ reason }),
      handle: ({ principal }) => {
        checkPerson(principal);
        throw new TidewaiterError(
          'E_WEBSOCKET',
          'A live picture comes over a WebSocket',
          'Open the same address with `wss:`.',
        );
      },
      socket: async ({ params, query, principal, signal }, socket) => {
        checkPerson(principal);
        const view = viewHere(params.id);
        const at = now();
        await recordLook(platform, {
          ...{ what: 'live', reason: query.reason, cameraId: params.id, by: principal.personId },
          ...{ from: at, until: at },
        });
        const say = (message: object): void => socket.send(JSON.stringify(message));
        const stop = view.watch({
          waiting: () => socket.bufferedAmount,
          onHead: ({ codecs, width, height }, beganAt) =>
            say({ codecs, width, height, at: new Date(beganAt).toISOString() }),
          onBytes: (bytes) => socket.send(bytes),
          onSkipped: (seconds) => say({ skipped: seconds }),
        });
        await ending(view, params.id, signal);
        stop();
        // Going away (RFC 6455, 7.4.1): the console may ask again.
        socket.close(1001);
      },
    }),
    route({
      method: 'GET',
      path: '/watch/cameras/:id/masked',
      id: 'watchCameraMasked',
      tag: 'Watch',
      summary:
        'A camera in a small picture in which people, vehicles and all that moves are plain areas, as multipart JPEG',
      access: atRow(db, 'watch_cameras', everybody, 'read'),
      params: idParams,
      query: z.object({
        follow: z.enum(['yes', 'no']).default('yes').describe('`no` ends after one picture.'),
      }),
      handle: ({ params, query, signal }): Promise<Answer<Readable>> => {
        const view = viewHere(params.id);
        const body = Readable.from(maskedPictures(view, params.id, signal, query.follow === 'no'));
        return Promise.resolve({
          body,
          headers: {
            'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
            'cache-control': 'private, no-store',
            'x-accel-buffering': 'no',
          },
        });
      },
    }),
  ];
}

/** Each time the newest picture: whoever is slow gets fewer. */
async function* maskedPictures(
  view: CameraView,
  cameraId: string,
  signal: AbortSignal,
  once: boolean,
): AsyncGenerator<Buffer> {
  let newest: MaskedFrame | undefined;
  let woken: () => void = () => undefined;
  const stop = view.watchMasked((frame) => {
    newest = frame;
    woken();
  });
  const over = ending(view, cameraId, signal).then(() => true);
  try {
    for (;;) {
      const frame = newest;
      newest = undefined;
      if (frame === undefined) {
        const come = new Promise<boolean>((resolve) => (woken = () => resolve(false)));
        if (await Promise.race([come, over])) return;
        continue;
      }
      const at = new Date(frame.at).toISOString();
      yield Buffer.from(
        `--${BOUNDARY}\r\ncontent-type: image/jpeg\r\ncontent-length: ${frame.jpeg.length}\r\nx-captured-at: ${at}\r\n\r\n`,
      );
      yield Buffer.from(frame.jpeg);
      yield Buffer.from('\r\n');
      if (once) return;
    }
  } finally {
    stop();
  }
}

/** Resolves when whoever watches has left, or the camera is not watched here any more. */
function ending(view: CameraView, cameraId: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearInterval(check);
      resolve();
    };
    const check = setInterval(() => {
      if (viewOf(cameraId) !== view) end();
    }, CHECK_MS);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
