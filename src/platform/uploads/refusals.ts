import { TidewaiterError } from '../../core/errors.ts';

export function ended(why: string): TidewaiterError {
  return new TidewaiterError('E_UPLOAD_ENDED', `The upload has ended: ${why}`, 'Begin a new one.');
}

export function busy(): TidewaiterError {
  return new TidewaiterError(
    'E_UPLOAD_BUSY',
    'Another request sends to this upload',
    'Wait until it has ended, at most a minute after its connection broke; then ask how far the upload is.',
  );
}

export function elsewhere(stands: number, offset: number): TidewaiterError {
  return new TidewaiterError('E_UPLOAD_OFFSET', `The upload is at byte ${stands}, not ${offset}`, goOn);
}

/** The sender left in the middle of a piece; what came is kept. */
export function brokenOff(cause: unknown): TidewaiterError {
  return new TidewaiterError('E_CANCELLED', 'The connection broke off before the end of the piece', goOn, {
    cause,
  });
}

/** What came is kept over the restart. */
export function stopping(): TidewaiterError {
  return new TidewaiterError('E_UNAVAILABLE', 'The server stops', goOn);
}

const goOn = 'Ask how far the upload is (HEAD), and go on from there.';

export function become(): TidewaiterError {
  return new TidewaiterError(
    'E_UPLOAD_DONE',
    'The upload has become an asset',
    'Erase the asset, once its retention allows it.',
  );
}

export function tooLong(length: number): TidewaiterError {
  return tooLarge(`The upload was to have ${length} bytes, and more were sent`, 'Begin a new one.');
}

export function tooLarge(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_TOO_LARGE', message, remedy);
}
