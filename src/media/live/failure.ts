import { constants } from 'node:os';
import {
  AVERROR_EOF,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_UNAUTHORIZED,
} from 'node-av/constants';
import { TidewaiterError } from '../../core/errors.ts';
import type { Size } from '../../core/box.ts';
import { decodablePixels } from '../video/input.ts';
import { describeCode } from '../video/ffmpeg.ts';
import { shownAddress, type LiveAddress } from './address.ts';

const { errno } = constants;
/** FFmpeg's codes are the system's, negative. */
const unreachable = new Set(
  [errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.ETIMEDOUT].map(
    (code) => -code,
  ),
);

/** Why a camera could not be opened, in words. */
export function openFailure(address: LiveAddress, code: number): TidewaiterError {
  const camera = shownAddress(address);
  switch (code) {
    case AVERROR_HTTP_UNAUTHORIZED:
    case AVERROR_HTTP_FORBIDDEN:
      return new TidewaiterError(
        'E_LIVE_PASSWORD',
        address.user === undefined
          ? `${camera} asks for a user and a password, and none were given`
          : `${camera} refuses the user or the password`,
        'Enter the user and password that the camera has now; it is tried again every 30 seconds.',
      );
    case AVERROR_HTTP_NOT_FOUND:
      return new TidewaiterError(
        'E_LIVE_NOT_FOUND',
        `${camera} answers, but has no such stream`,
        'Look up the path of the stream in the manual or on the page of the camera.',
      );
  }
  // FFmpeg says so of a name that leads nowhere.
  if (code === -errno.EIO) return notReached(address, 'nobody knows its name, or the connection broke');
  if (unreachable.has(code)) return notReached(address, describeCode(code));
  return new TidewaiterError(
    'E_LIVE_FORMAT',
    `${camera} answers with something that is no video stream (${describeCode(code)})`,
    'Check the port and path: cameras answer RTSP on port 554, mostly.',
  );
}

export function notReached(address: LiveAddress, why: string): TidewaiterError {
  return new TidewaiterError(
    'E_LIVE_UNREACHABLE',
    `${shownAddress(address)} cannot be reached (${why})`,
    'Check that the camera has power and network, and its address and port.',
  );
}

/** Nothing came for a while: a frozen camera, or a network that swallows packets. */
export function silent(address: LiveAddress): TidewaiterError {
  return new TidewaiterError(
    'E_LIVE_SILENT',
    `${shownAddress(address)} is connected and sends nothing`,
    'Restart the camera if that lasts.',
  );
}

/** Why a stream that was open came to its end. */
export function readFailure(address: LiveAddress, code: number): TidewaiterError {
  const why = code === AVERROR_EOF ? '' : ` (${describeCode(code)})`;
  return new TidewaiterError(
    'E_LIVE_ENDED',
    `${shownAddress(address)} has ended its stream${why}`,
    'Nothing, if it comes back: it is opened again. Otherwise look whether the camera restarts.',
  );
}

export function noVideo(address: LiveAddress, why: string): TidewaiterError {
  return new TidewaiterError(
    'E_LIVE_NO_VIDEO',
    `${shownAddress(address)} sends no video that can be shown (${why})`,
    'Set the camera to H.264, H.265 or MJPEG.',
  );
}

/** @throws TidewaiterError `E_LIVE_SIZE` for pictures that are too large to be decoded. */
export function refuseSize({ width, height }: Size, address: LiveAddress): void {
  if (width * height <= decodablePixels) return;
  throw new TidewaiterError(
    'E_LIVE_SIZE',
    `${shownAddress(address)} sends pictures of ${width}x${height}, which is more than 8192x4320`,
    'Set the camera to a smaller picture.',
  );
}

/** Packets come, but nothing to look at. */
export function noPicture(address: LiveAddress): TidewaiterError {
  return new TidewaiterError(
    'E_LIVE_NO_PICTURE',
    `${shownAddress(address)} sends packets, but none that a picture can begin with`,
    'Set the camera to send a key frame (I frame) every second or two.',
  );
}
