import { TidewaiterError } from '../../core/errors.ts';

/** Where a camera's stream is, and what opens it. Credentials are never part of the address: it is what people and logs see. */
export interface LiveAddress {
  /** `rtsp:`, `rtsps:`, `http:` or `https:` (multipart JPEG, or HLS when it is a playlist), without credentials. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** How RTSP carries its packets (default `tcp`). UDP loses packets on a busy network; some old cameras know no other. */
  readonly transport?: 'tcp' | 'udp';
}

const schemes = ['rtsp:', 'rtsps:', 'http:', 'https:'];

/**
 * Takes apart what a person wrote. A user and password in the address win over the given ones.
 * @throws TidewaiterError `E_LIVE_ADDRESS`, which does not repeat the text: it may hold a password.
 */
export function parseLiveAddress(
  text: string,
  given: { readonly user?: string | undefined; readonly password?: string | undefined } = {},
): LiveAddress {
  const url = URL.parse(text);
  const own = url === null ? undefined : decoded([url.username, url.password]);
  if (url === null || own === undefined || !schemes.includes(url.protocol) || url.hostname === '') {
    throw new TidewaiterError(
      'E_LIVE_ADDRESS',
      'This is no address of a camera',
      'Write it as rtsp://host/path, http://host/path or https://host/path; encode special characters of a user and password, as %40 for @ and %25 for %. A recording is played with --replay FILE.',
    );
  }
  const [user, password] = url.username === '' ? [given.user, given.password] : own;
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}

/** @returns undefined when a % in them encodes nothing. */
function decoded(texts: readonly string[]): readonly string[] | undefined {
  try {
    return texts.map((one) => decodeURIComponent(one));
  } catch {
    return undefined;
  }
}

/** The address for messages: without its query, in which some cameras want the password. */
export function shownAddress({ url }: LiveAddress): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Names under which cameras take a password in the query of their address. */
const secretNames = /^(pass|passwd|password|pwd|psw|pw|secret|token|apikey|api_key)$/i;

/**
 * Whether an address holds what opens it: a user and password before the host, or a password in its query where `{password}`
 * should stand, which is filled in when it is opened.
 */
export function holdsSecret(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return url.username !== '' || url.password !== '' || withoutSecrets(text) !== text;
}

/** The address with `{password}` for every password in its query. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(
    /([?&;])([^=&;#]+)=([^&;#]+)/g,
    (whole, before: string, name: string, value: string) =>
      secretNames.test(name) && value !== '{password}' ? `${before}${name}={password}` : whole,
  );
}

/** The address as FFmpeg wants it. Never shown. */
export function openableUrl({ url, user, password }: LiveAddress): string {
  if (user === undefined) return url;
  if (/[?&;=]\{(user|password)\}/.test(url))
    return url
      .replaceAll('{user}', encodeURIComponent(user))
      .replaceAll('{password}', encodeURIComponent(password ?? ''));
  const colon = url.indexOf('//') + 2;
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}`;
  return `${url.slice(0, colon)}${credentials}@${url.slice(colon)}`;
}
