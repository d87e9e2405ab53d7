import pg from 'pg';
import { z } from 'zod';
import { TidewaiterError, toErrorReport } from '../../core/errors.ts';

/** What a caller is told went wrong (RFC 9457), as `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    status: z.int(),
    title: z.string().describe('What is wrong, one sentence.'),
    code: z.string().describe('Can be searched in the documentation of errors.'),
    remedy: z.string().describe('What to do about it.'),
    request: z.string().describe('Names this request in the log.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** HTTP states of the codes that have one; every other error of ours is the caller's, 422. */
const states: Readonly<Record<string, number>> = {
  E_REQUEST: 400,
  E_NOT_SIGNED_IN: 401,
  E_OIDC: 401,
  E_SIGN_IN: 401,
  E_SECOND_FACTOR: 401,
  E_SESSION: 401,
  E_PASSKEY_SUSPENDED: 401,
  E_PROVE_AGAIN: 403,
  E_FORBIDDEN: 403,
  E_CROSS_SITE: 403,
  E_FIRST_RUN: 403,
  E_TRAINING: 403,
  E_NOTICE_UNREAD: 403,
  E_REVIEW_CHANGED: 409,
  E_REVIEW_STATE: 409,
  E_WATCH_ELSEWHERE: 409,
  E_INCIDENT_STATE: 409,
  E_INCIDENT_TAKEN: 409,
  E_LEGAL_HOLD: 409,
  E_RETENTION: 409,
  E_LAST_ADMIN: 409,
  E_LAST_FACTOR: 409,
  E_UPLOAD_DONE: 409,
  E_UPLOAD_OFFSET: 409,
  E_EXISTS: 409,
  E_IDENTITY_TAKEN: 409,
  E_LOGIN_TAKEN: 409,
  E_VAULT_EXISTS: 409,
  E_NOT_FOUND: 404,
  E_VAULT_ERASED: 410,
  E_UPLOAD_ENDED: 410,
  E_CHANGED: 412,
  E_TUS_VERSION: 412,
  E_TOO_LARGE: 413,
  E_MEDIA_TYPE: 415,
  E_VAULT_RANGE: 416,
  E_UPLOAD_BUSY: 423,
  E_WEBSOCKET: 426,
  E_MATCH_REQUIRED: 428,
  E_UPLOADS_OPEN: 429,
  E_RATE: 429,
  E_SIGN_IN_PAUSE: 429,
  E_INTERNAL: 500,
  E_MASTER_KEY: 500,
  E_VAULT_DAMAGED: 500,
  E_VAULT_MISSING: 500,
  E_NO_SPACE: 507,
  E_OBJECTS_BUCKET: 503,
  E_OBJECTS_CREDENTIALS: 503,
  E_OBJECTS_DENIED: 503,
  E_OBJECTS_UNREACHABLE: 503,
  E_UNAVAILABLE: 503,
};

/** @param request the request's id. */
export function toProblem(fault: unknown, request: string): Problem {
  const error = ruleOfSchema(fault) ?? fault;
  const known = error instanceof TidewaiterError;
  const { code, message, remedy } = known ? toErrorReport(error) : unknownFault(error);
  return { type: 'about:blank', status: states[code] ?? 422, title: message, code, remedy, request };
}

/** A rule that stands in the schema refused in words for people: the code in the detail, what to do in the hint. */
function ruleOfSchema(error: unknown): TidewaiterError | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== RULE_OF_SCHEMA) return undefined;
  return new TidewaiterError(
    error.detail ?? 'E_FORBIDDEN',
    error.message,
    error.hint ?? 'Ask who oversees this.',
  );
}

/** What is ours to mend is told without its inside, which may hold what the caller must not see. */
function unknownFault(error: unknown): { code: string; message: string; remedy: string } {
  if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) {
    return { code: 'E_EXISTS', message: 'There is one like it already', remedy: 'Choose another name.' };
  }
  if (error instanceof Error && 'code' in error && error.code === DISK_FULL) {
    return {
      code: 'E_NO_SPACE',
      message: 'The disk of the database is full',
      remedy: 'Nothing was changed. Tell who runs this server.',
    };
  }
  if (isDatabaseGone(error)) {
    return {
      code: 'E_UNAVAILABLE',
      message: 'The database does not answer at the moment',
      remedy: 'Nothing was changed. Try again in a minute.',
    };
  }
  return {
    code: 'E_INTERNAL',
    message: 'Something went wrong inside',
    remedy: 'Give the number of the request to who runs this server.',
  };
}

/** Raised by functions of the schema; of no class that PostgreSQL uses. */
const RULE_OF_SCHEMA = 'TW001';
/** Of PostgreSQL. */
const UNIQUE_VIOLATION = '23505';
const DISK_FULL = '53100';

const goneCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  // PostgreSQL: connection failures, administrator shutdown, crash shutdown, cannot connect now, too many connections.
  '08000',
  '08003',
  '08006',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

function isDatabaseGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && goneCodes.has(error.code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(error.message);
}

export function notFound(): TidewaiterError {
  return new TidewaiterError(
    'E_NOT_FOUND',
    'There is no such thing, or it is not yours to see',
    'Check the address.',
  );
}
