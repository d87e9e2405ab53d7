import {
  isMap,
  isPair,
  isScalar,
  type Document,
  type LineCounter,
  type Node,
  type YAMLParseError,
} from 'yaml';

const faults: Partial<Record<YAMLParseError['code'], string>> = {
  DUPLICATE_KEY: 'this key is there twice',
  MULTIPLE_DOCS: 'a second document begins here, and there must be one only',
  TAB_AS_INDENT: 'a tab stands before the key; indent with spaces',
};

/** What a file of YAML has wrong, in words that go on after a colon. */
export function yamlFault({ code, message }: YAMLParseError): string {
  return faults[code] ?? message.charAt(0).toLowerCase() + message.slice(1);
}

/** The line on which a key or entry begins, or the nearest above it that is there. */
export function lineOf(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly (string | number)[],
): number | undefined {
  const offset = offsetOf(document, path);
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const above = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    if (isMap(above)) {
      const pair = above.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === name);
      const key = pair?.key as Node | undefined;
      if (key?.range) return key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0];
}
