import { systemCode, TidewaiterError } from '../../../core/errors.ts';

/** It may answer again in a moment. */
export const UNREACHABLE = 'E_OBJECTS_UNREACHABLE';

/** Answers that mean another bucket, or another place of it. */
const bucketFaults: ReadonlySet<string> = new Set([
  'NoSuchBucket',
  'InvalidBucketName',
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);

/** What an answer of the store was, as far as it can be told. */
export interface S3Fault {
  /** `NoSuchKey`, `AccessDenied`, ... or the code of a connection that broke. */
  readonly name: string;
  readonly status?: number;
}

/** Undefined for what is no answer of the store and no broken connection. */
export function faultOf(error: unknown): S3Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const status = '$metadata' in error ? statusOf(error.$metadata) : undefined;
  if (status !== undefined) return { name: error.name, status };
  const code = systemCode(error);
  if (code !== undefined) return { name: code };
  return error.name === 'TimeoutError' || '$metadata' in error ? { name: error.name } : undefined;
}

function statusOf(metadata: unknown): number | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/**
 * What people are told about a fault of the object store. It names neither address nor bucket, as callers of the API see it,
 * and does not carry the original, which may hold parts of a signature.
 * @returns `E_OBJECTS_UNREACHABLE`, `E_OBJECTS_BUCKET`, `E_OBJECTS_DENIED`, `E_NO_SPACE`; what is none of these as it is.
 */
export function s3Error(error: unknown): unknown {
  const fault = error instanceof TidewaiterError ? undefined : faultOf(error);
  if (fault === undefined) return error;
  const { name, status } = fault;
  if (bucketFaults.has(name)) {
    return new TidewaiterError(
      'E_OBJECTS_BUCKET',
      `The object store has no such bucket here (${name})`,
      'Check objects.s3.bucket, region and endpoint in the settings, and make the bucket if it is missing.',
    );
  }
  if (name === 'QuotaExceeded' || status === 507) {
    return new TidewaiterError(
      'E_NO_SPACE',
      'There is no space left in the object store',
      'Free some space there or raise its quota, and send it again.',
    );
  }
  if (name === 'RequestTimeTooSkewed') {
    return denied(name, 'Set the clock of this machine: it differs too much from that of the store.');
  }
  // Too many requests are refused for a moment only.
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return denied(
      name,
      'Check the credentials, and that they may read, write, list and delete in the bucket.',
    );
  }
  return new TidewaiterError(
    UNREACHABLE,
    `The object store does not answer (${name})`,
    'Nothing was lost. Try again in a minute; tidewaiter doctor tells who runs the server more.',
  );
}

function denied(name: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_OBJECTS_DENIED', `The object store refuses (${name})`, remedy);
}
