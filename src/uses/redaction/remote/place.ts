import { TidewaiterError } from '../../../core/errors.ts';
import { isSafeToReach } from '../../../platform/oidc/reach.ts';
import { access, type Place } from './way-in.ts';

/** What says where to work. */
export interface Wish {
  /** Without any platform. */
  readonly alone?: true | undefined;
  /** Who asks, at the platform of this machine's own data folder; the user of the operating system by default. */
  readonly as?: string | undefined;
}

/**
 * Finds the platform to work with: the one that `TIDEWAITER_URL` names, with `TIDEWAITER_TOKEN`; else the one that runs on this
 * machine's data folder, if any.
 * @returns undefined where none runs, or none is wanted.
 * @throws TidewaiterError `E_PLATFORM_ACCESS`, `E_PLATFORM_GONE`, and what reading the settings throws.
 */
export async function findPlace(
  { alone, as }: Wish,
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<Place | undefined> {
  if (alone === true) return undefined;
  const [url, token] = [environment['TIDEWAITER_URL'], environment['TIDEWAITER_TOKEN']];
  if (url === undefined || url === '') {
    // It knows the database and passwords, which most commands do without.
    const { ownPlatform } = await import('./own-platform.ts');
    return ownPlatform(environment, folder, as);
  }
  if (token === undefined || token === '')
    throw access(
      'TIDEWAITER_URL names a platform, and there is no TIDEWAITER_TOKEN to get in',
      'Make one with the scopes read, write, upload and jobs; or work without the platform with --alone.',
    );
  if (!isSafeToReach(url))
    throw access(
      `A token would be sent to ${url} for everybody on the way to read`,
      'Give the https address of the platform.',
    );
  if (as !== undefined)
    throw new TidewaiterError(
      'E_OPTION',
      'With TIDEWAITER_TOKEN the token says who you are, and --as was given as well',
      'Leave one of them away.',
    );
  return { url: url.replace(/\/+$/, ''), token, close: () => Promise.resolve() };
}
