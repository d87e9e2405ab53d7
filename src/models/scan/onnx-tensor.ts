import { shown, type ScanFindings } from './finding.ts';
import type { WireField, WireFile } from './wire.ts';

/** More sides than any operator takes. */
const MOST_SIDES = 64;
/** Of a side of an input or output. */
const LONGEST_SIDE = 2 ** 20;
const MOST_ELEMENTS = 2n ** 33n;
const MOST_INPUT_ELEMENTS = 2n ** 31n;
const NAME_BYTES = 4096;

/** Fields of TensorProto in which values lie. */
const dataFields = new Set([4, 5, 6, 7, 9, 10, 11]);
const RAW = 9;
const STRINGS = 6;
/** Bits of an element by TensorProto.DataType, as they lie in `raw_data`. */
const bits: Readonly<Record<number, bigint>> = {
  ...{ 1: 32n, 2: 8n, 3: 8n, 4: 16n, 5: 16n, 6: 32n, 7: 64n, 9: 8n, 10: 16n, 11: 64n, 12: 32n, 13: 64n },
  ...{ 14: 64n, 15: 128n, 16: 16n, 17: 8n, 18: 8n, 19: 8n, 20: 8n, 21: 4n, 22: 4n, 23: 4n },
};

/** Looks at a TensorProto. @returns how many elements it says it has. */
export function scanTensor(file: WireFile, { from, to }: WireField, findings: ScanFindings): bigint {
  const dims: bigint[] = [];
  let [type, name, stored, raw, strings, external] = [0, '', 0, -1, 0, false];
  for (const field of file.fields(from, to)) {
    if (field.number === 1) dims.push(...file.integers(field, MOST_SIDES));
    else if (field.number === 2) type = Number(field.value ?? 0n);
    else if (field.number === 8) name = shown(file.text(field, NAME_BYTES) ?? '');
    else if (field.number === 13) {
      external = true;
      scanExternal(file, field, name, findings);
    } else if (field.number === 14 && field.value === 1n) external = true;
    if (!dataFields.has(field.number)) continue;
    stored += field.to - field.from;
    if (field.number === RAW) raw = field.to - field.from;
    if (field.number === STRINGS) strings++;
    if (dims.length > MOST_SIDES) break;
  }
  const of = `tensor ${name === '' ? 'without a name' : name}`;
  if (external)
    findings.add('error', 'external-data', `${of} takes its values from another file, which is never read`);
  if (dims.length > MOST_SIDES || dims.some((side) => side < 0n)) {
    findings.add('error', 'shape', `${of} has a shape that no tensor has`);
    return 0n;
  }
  const elements = dims.reduce((product, side) => product * side, 1n);
  if (elements > MOST_ELEMENTS) findings.add('error', 'shape', `${of} says it has ${elements} elements`);
  else if (!external && elements > 0n && !holds(elements, { type, stored, raw, strings }))
    findings.add('error', 'shape', `${of} says it has ${elements} elements, and holds ${stored} bytes`);
  return elements;
}

interface Stored {
  readonly type: number;
  readonly stored: number;
  /** Bytes of `raw_data`, or -1 without it. */
  readonly raw: number;
  readonly strings: number;
}

/** Whether the values that a tensor says it has can lie in its bytes: what is told but not there is memory for nothing. */
function holds(elements: bigint, { type, stored, raw, strings }: Stored): boolean {
  const each = bits[type];
  if (raw >= 0) return each !== undefined && BigInt(raw) === (elements * each + 7n) / 8n;
  // Text may be empty and takes two bytes then; a number takes one at least, and two of four bits share one.
  return type === 8 ? BigInt(strings) === elements : elements <= BigInt(stored) * 2n;
}

/** Where values would be read from, for the person who asks why: a path out of the folder is an attack. */
function scanExternal(file: WireFile, entry: WireField, name: string, findings: ScanFindings): void {
  let [key, value] = ['', ''];
  for (const field of file.fields(entry.from, entry.to)) {
    if (field.number === 1) key = file.text(field, NAME_BYTES) ?? '';
    if (field.number === 2) value = file.text(field, NAME_BYTES) ?? '';
  }
  if (key !== 'location') return;
  const leaves = /^[/\\]|^[a-z]:|\0/i.test(value) || value.split(/[/\\]/).includes('..');
  if (leaves)
    findings.add(
      'error',
      'path-traversal',
      `tensor ${name} names a file outside its folder: ${shown(value)}`,
    );
}

/** Looks at a ValueInfoProto: an input or output of a graph. @returns `name [sides]`. */
export function scanPort(file: WireFile, port: WireField, findings: ScanFindings): string {
  let name = '';
  const sides: string[] = [];
  let elements = 1n;
  for (const field of file.fields(port.from, port.to)) {
    if (field.number === 1) name = shown(file.text(field, NAME_BYTES) ?? '');
    if (field.number !== 2 || field.wire !== 2) continue;
    for (const side of sidesOf(file, field)) {
      if (sides.length === MOST_SIDES) break;
      sides.push(side === undefined ? 'any' : String(side));
      if (side === undefined) continue;
      if (side < 0n || side > LONGEST_SIDE) findings.add('error', 'shape', `${name} has a side of ${side}`);
      else elements *= side === 0n ? 1n : side;
    }
  }
  if (elements > MOST_INPUT_ELEMENTS) findings.add('error', 'shape', `${name} has ${elements} elements`);
  return `${name} [${sides.join(', ')}]`;
}

/** Sides in TypeProto.tensor_type.shape; undefined for one that is free. */
function* sidesOf(file: WireFile, type: WireField): Generator<bigint | undefined> {
  for (const tensor of below(file, type, 1))
    for (const shape of below(file, tensor, 2))
      for (const side of below(file, shape, 1)) {
        let value: bigint | undefined;
        for (const field of file.fields(side.from, side.to)) if (field.number === 1) value = field.value;
        yield value;
      }
}

function* below(file: WireFile, { from, to }: WireField, number: number): Generator<WireField> {
  for (const field of file.fields(from, to)) if (field.number === number && field.wire === 2) yield field;
}
