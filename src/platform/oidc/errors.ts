import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { TidewaiterError } from '../../core/errors.ts';

/** Whatever is wrong about a sign-in through the provider. */
export function oidcError(message: string, remedy: string, cause?: unknown): TidewaiterError {
  return new TidewaiterError('E_OIDC', message, remedy, cause === undefined ? {} : { cause });
}

/** The provider does not answer, or what it says does not hold. */
export function providerError(cause: unknown): TidewaiterError {
  // The library wraps what its fetch throws.
  const inner = cause instanceof ClientError ? cause.cause : cause;
  if (inner instanceof TidewaiterError) return inner;
  return oidcError(
    `The provider did not confirm who you are (${reason(cause)})`,
    'Sign in again. If it happens again, give what stands in brackets to an administrator.',
    cause,
  );
}

/** A code of OAuth or of the library, never what came with it: that is whatever the provider likes to say. */
function reason(cause: unknown): string {
  const code = codeOf(cause);
  return code !== undefined && /^\w{1,60}$/.test(code) ? code : 'no answer that can be used';
}

function codeOf(cause: unknown): string | undefined {
  if (cause instanceof AuthorizationResponseError || cause instanceof ResponseBodyError) return cause.error;
  if (cause instanceof WWWAuthenticateChallengeError) return cause.cause[0]?.parameters.error;
  return cause instanceof ClientError ? cause.code : undefined;
}
