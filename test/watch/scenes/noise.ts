/** Made-up chance that is the same for the same seed. */
export interface Chance {
  /** The next number, 0 up to 1. */
  (): number;
}

/** A small generator of even quality (mulberry32, public domain, T. Ettinger). */
export function chanceOf(seed: number): Chance {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const tableSize = 1 << 16;
let table: Float32Array | undefined;

/** Normal deviates (mean 0, deviation 1), by Box and Muller, made once: noise for millions of pixels is read from it. */
function normals(): Float32Array {
  if (table !== undefined) return table;
  const chance = chanceOf(7);
  table = Float32Array.from({ length: tableSize }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - chance()));
    return radius * Math.cos(2 * Math.PI * chance());
  });
  return table;
}

/** Adds sensor noise of a deviation (levels of 0..255) to each byte. Each row starts at another place of the table. */
export function addNoise(pixels: Uint8Array, rowBytes: number, deviation: number, chance: Chance): void {
  const values = normals();
  for (let row = 0; row < pixels.length; row += rowBytes) {
    const end = Math.min(pixels.length, row + rowBytes);
    let place = Math.floor(chance() * tableSize);
    for (let at = row; at < end; at++, place = (place + 1) & (tableSize - 1)) {
      const value = pixels[at]! + deviation * values[place]! + 0.5;
      pixels[at] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}
