/**
 * Whether codes and secrets may be sent to an address: over TLS, or to this machine itself, where nobody is on the way.
 */
export function isSafeToReach(address: string): boolean {
  const url = URL.parse(address);
  if (url === null) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}
