import type { FileKind } from './sniff.ts';

const avifBrands = ['avif', 'avis'];
const heicBrands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
const audioBrands = ['M4A ', 'M4B ', 'M4P ', 'F4A ', 'F4B '];
/** Boxes that QuickTime files from before `ftyp` begin with. */
const quickTimeBoxes = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];

/**
 * Tells still pictures, sound and video apart among files made of ISO base media boxes (ISO/IEC 14496-12; the brands
 * of stills are in ISO/IEC 23008-12).
 * @param head the beginning of the file as Latin-1 text.
 */
export function isobmffKind(head: string): FileKind | undefined {
  const type = head.slice(4, 8);
  if (quickTimeBoxes.includes(type)) return { kind: 'video', format: 'mov' };
  if (type !== 'ftyp') return undefined;
  const size = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE(0);
  const brands = brandsIn(head.slice(8, Math.min(size, head.length)));
  const major = brands[0] ?? '';
  const has = (wanted: readonly string[]): boolean => brands.some((brand) => wanted.includes(brand));
  // A phone's video may name still brands among its compatible ones, so a still must say so first.
  const stillFirst = [...avifBrands, ...heicBrands, 'mif1', 'msf1', 'miaf'].includes(major);
  if (stillFirst && has(avifBrands)) return { kind: 'picture', format: 'avif' };
  if (stillFirst && has(heicBrands)) return { kind: 'picture', format: 'heic' };
  if (stillFirst) return { kind: 'picture', format: 'heif' };
  if (major === 'crx ') return { kind: 'picture', format: 'cr3' };
  if (audioBrands.includes(major)) return { kind: 'audio', format: 'm4a' };
  return { kind: 'video', format: major === 'qt  ' ? 'mov' : 'mp4' };
}

/** Major brand first, then the compatible ones; the version between them is left out. */
function brandsIn(body: string): string[] {
  const words = body.match(/[\s\S]{4}/g) ?? [];
  return words.filter((_, index) => index !== 1);
}
