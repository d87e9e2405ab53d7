/** Bytes of a text that are looked at, one whole table of a page or more. */
const LOOK_BYTES = 65_536;
const MOST_LINES = 20;

/** Begins as pages do: with a document type, or an element that only they have (WHATWG MIME Sniffing, section 7.1). */
const page =
  /^(<!doctype html|<(html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|form|img|link|meta)[\s>/])/i;
/** What may stand before either. */
const before = /^(\s+|<!--[^]*?-->)*/;

/**
 * The media type of a text: a page, XML, JSON, a table, or plain.
 * @param head the beginning of it, UTF-8 or UTF-16 with its mark.
 */
export function textTypeOf(head: Uint8Array): string {
  const text = decode(head.subarray(0, LOOK_BYTES));
  const whole = head.length <= LOOK_BYTES;
  const body = text.replace(before, '');
  if (page.test(body)) return 'text/html';
  if (body.startsWith('<?xml')) return /<html[\s>]/i.test(body) ? 'text/html' : 'text/xml';
  // Anywhere, as what a browser is given decides over its rest too.
  if (/<script[\s>]/i.test(text)) return 'text/html';
  if (isJson(body, whole)) return 'application/json';
  return isTable(text, whole) ? 'text/csv' : 'text/plain';
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const utf16 =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : undefined;
  return new TextDecoder(utf16 ?? 'utf-8').decode(bytes);
}

function isJson(text: string, whole: boolean): boolean {
  if (!/^[[{]/.test(text)) return false;
  if (!whole) return /^(\{\s*"(\\.|[^"\\])*"\s*:|\[\s*([[{"\d-]|true|false|null))/.test(text);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Two lines or more with the same number of fields, and more than one of them (RFC 4180, with the usual other marks). */
function isTable(text: string, whole: boolean): boolean {
  // A mark or a line end within quotes is no mark.
  const lines = text.replaceAll(/"(""|[^"])*"/g, 'q').split(/\r?\n/);
  if (!whole) lines.pop();
  const rows = lines.slice(0, MOST_LINES).filter((line) => line !== '');
  if (rows.length < 2) return false;
  return [',', ';', '\t'].some((mark) => {
    const [first = 1, ...rest] = rows.map((row) => row.split(mark).length);
    return first > 1 && rest.every((count) => count === first);
  });
}
