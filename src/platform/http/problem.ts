import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { reportFault } from '../store/faults.ts';

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
  E_RESET_BOTH: 409,
  E_RESET_OWN: 409,
  E_RESET_PROVIDER: 409,
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
  E_POLICY_FILE: 503,
  E_UNAVAILABLE: 503,
};

/** @param request the request's id. */
export function toProblem(fault: unknown, request: string): Problem {
  const { code, message, remedy } = reportFault(
    fault,
    'Give the number of the request to who runs this server.',
  );
  return { type: 'about:blank', status: states[code] ?? 422, title: message, code, remedy, request };
}

export function notFound(): TidewaiterError {
  return new TidewaiterError(
    'E_NOT_FOUND',
    'There is no such thing, or it is not yours to see',
    'Check the address.',
  );
}
