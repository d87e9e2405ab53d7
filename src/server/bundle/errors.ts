import { TidewaiterError } from '../../core/errors.ts';

export function bundleError(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_BUNDLE', message, remedy);
}

export function damagedBundle(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_BUNDLE_DAMAGED',
    `The bundle is not as it was signed: ${what}`,
    'Do not install it. Fetch it again, and ask whoever made it for its digest and key.',
  );
}
