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

/** The session token that a request carries, if it does. Tokens are base64url, so nothing is escaped. */
export function sessionToken(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | undefined {
  const { cookie } = headers;
  if (typeof cookie !== 'string') return undefined;
  const wanted: readonly string[] = Object.values(names);
  for (const pair of cookie.split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (wanted.includes(name) && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return undefined;
}
