import type { Settings } from '../settings/settings.ts';

/** Name of the session's cookie. The prefix makes browsers refuse it over anything but TLS, and for other hosts. */
const names = { secure: '__Host-tidewaiter', plain: 'tidewaiter' } as const;
const common = 'Path=/; HttpOnly; SameSite=Strict';

/** @param secure the console is reached over TLS. */
export function sessionCookie(token: string, secure: boolean): string {
  return secure ? `${names.secure}=${token}; ${common}; Secure` : `${names.plain}=${token}; ${common}`;
}

export function clearedCookie(secure: boolean): string {
  return `${sessionCookie('', secure)}; Max-Age=0`;
}

/** Whether browsers reach the console over TLS, here or at a proxy. */
export function isSecure({ tls, publicUrl }: Pick<Settings, 'tls' | 'publicUrl'>): boolean {
  return tls !== undefined || publicUrl?.startsWith('https:') === true;
}

/**
 * The session token that a request carries, if it does. Tokens are base64url, so nothing is escaped.
 * @param secure only the cookie with the prefix counts: any page of the same domain could have set the other one.
 */
export function sessionToken(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secure: boolean,
): string | undefined {
  const { cookie } = headers;
  if (typeof cookie !== 'string') return undefined;
  const wanted = secure ? names.secure : names.plain;
  for (const pair of cookie.split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name === wanted && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return undefined;
}
