/**
 * Numbers of 0..1 as half-precision floats (IEEE 754, binary16) in Base64: a tenth of a percent is enough for what is
 * only compared. Runs in a page, too.
 */
export function toHalves(values: Float32Array): string {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint16(index * 2, toHalf(value), true));
  return btoa(String.fromCharCode(...bytes));
}

export function fromHalves(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 2 }, (_, index) =>
    fromHalf(view.getUint16(index * 2, true)),
  );
}

/** Smallest number with a full mantissa. */
const SMALLEST = 2 ** -14;

function toHalf(value: number): number {
  if (value < SMALLEST) return Math.round((value / SMALLEST) * 1024);
  const exponent = Math.floor(Math.log2(value));
  // A mantissa that is rounded up to two carries into the exponent by itself.
  return ((exponent + 15) << 10) + Math.round((value / 2 ** exponent - 1) * 1024);
}

function fromHalf(half: number): number {
  const [exponent, mantissa] = [half >> 10, (half & 1023) / 1024];
  return exponent === 0 ? mantissa * SMALLEST : (1 + mantissa) * 2 ** (exponent - 15);
}
