/**
 * JSON with sorted keys and no spaces, so that equal values give equal bytes to sign or to hash.
 * Follows RFC 8785 for the values used here: finite numbers, strings, booleans, null, arrays and plain objects;
 * properties that are undefined are left out.
 * @throws TypeError for anything else: objects with a class of their own, holes, text that is not Unicode.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${quoted(key)}:${canonicalJson(item)}`);
    return `{${entries.join(',')}}`;
  }
  throw new TypeError(`${typeof value} has no JSON form`);
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('text with half a surrogate pair has no JSON form');
  return JSON.stringify(text);
}

/** Maps, dates and buffers would all look like objects without properties. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
