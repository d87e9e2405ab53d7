/**
 * Lists of texts as Python prints them, `['Usability Testing', "the agency's own"]`: that is how the federal inventory
 * of 2025 holds answers of which several may be chosen.
 */

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

const item = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/sy;

/** @returns undefined when the text is no such list. */
export function readPythonList(text: string): string[] | undefined {
  const [, inner] = /^\s*\[(.*)\]\s*$/s.exec(text) ?? [];
  if (inner === undefined) return undefined;
  const items: string[] = [];
  item.lastIndex = 0;
  for (let at = 0; inner.slice(at).trim() !== ''; at = item.lastIndex) {
    const match = item.exec(inner);
    if (match === null) return undefined;
    items.push(unescaped(match[1] ?? match[2] ?? ''));
  }
  return items;
}

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gis,
    (whole, byte?: string, unit?: string, char?: string) =>
      char === undefined
        ? String.fromCharCode(Number.parseInt(byte ?? unit ?? '', 16))
        : (escapes[char] ?? whole),
  );
}

/** As Python's `repr` writes it: single quotes unless the text holds some and no double ones. */
export function writePythonList(items: readonly string[]): string {
  return `[${items.map(quoted).join(', ')}]`;
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\u00a0', '\\xa0');
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}
