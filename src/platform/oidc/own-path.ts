/** Stands for wherever the console is reached. */
const here = 'http://console.invalid';
const longest = 1000;

/**
 * A path of this console as it may stand in a redirect, or undefined for whatever leads elsewhere. What browsers make of
 * backslashes, tabs and dots is decided by the same parser that they use.
 */
export function ownPath(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const url = URL.parse(path, here);
  if (url?.origin !== here) return undefined;
  const own = `${url.pathname}${url.search}${url.hash}`;
  // `/.//elsewhere` is a path of ours, but what is left when its dots are gone names another host.
  return own.startsWith('//') || own.length > longest ? undefined : own;
}
