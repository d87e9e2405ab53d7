import { Cursor, damaged, type Box } from './boxes.ts';

/**
 * The codecs parameter (RFC 6381) of a sample entry: `avc1.64001f` (ISO/IEC 14496-15, 5.3.3), `hvc1.1.6.L93.B0` (the same,
 * annex E). Of other codings the four letters of the entry.
 */
export function codecsOf(entry: string, boxes: readonly Box[]): string {
  const settings = (type: string): Cursor => {
    const box = boxes.find((one) => one.type === type);
    if (box === undefined) throw damaged(`it has no ${type} box`);
    return new Cursor(box.content).skip(1);
  };
  if (entry === 'avc1' || entry === 'avc3') {
    const avc = settings('avcC');
    return `${entry}.${[avc.u8(), avc.u8(), avc.u8()].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
  if (entry === 'hvc1' || entry === 'hev1') return `${entry}.${hevc(settings('hvcC'))}`;
  return entry.trim();
}

function hevc(settings: Cursor): string {
  const first = settings.u8();
  const compatibility = settings.u32();
  const constraints = Array.from({ length: 6 }, () => settings.u8());
  const level = settings.u8();
  // Zero bytes at the end of the constraints are left out.
  const told = constraints.slice(0, constraints.findLastIndex((byte) => byte !== 0) + 1);
  return [
    `${['', 'A', 'B', 'C'][first >> 6]}${first & 31}`,
    reversedBits(compatibility).toString(16).toUpperCase(),
    `${(first & 32) === 0 ? 'L' : 'H'}${level}`,
    ...told.map((byte) => byte.toString(16).toUpperCase()),
  ].join('.');
}

function reversedBits(word: number): number {
  return Number.parseInt([...word.toString(2).padStart(32, '0')].reverse().join(''), 2);
}
