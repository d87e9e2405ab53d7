import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { ssim } from './ssim.ts';

const [width, height] = [40, 24];

function noise(seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: width * height }, (_, i) => 100 + (i % width) + random.integer(60));
}

/** The definition, one window at a time. */
function literal(a: Uint8Array, b: Uint8Array, left: (x: number, y: number) => boolean): number {
  let [sum, count] = [0, 0];
  for (let cy = 5; cy < height - 5; cy++) {
    for (let cx = 5; cx < width - 5; cx++) {
      if (left(cx, cy)) continue;
      let [total, ma, mb] = [0, 0, 0];
      const each = (visit: (w: number, p: number, q: number) => void): void => {
        for (let y = -5; y <= 5; y++) {
          for (let x = -5; x <= 5; x++) {
            const i = (cy + y) * width + cx + x;
            visit(Math.exp(-(x * x + y * y) / 4.5), a[i]!, b[i]!);
          }
        }
      };
      each((w) => (total += w));
      each((w, p, q) => {
        ma += (w / total) * p;
        mb += (w / total) * q;
      });
      let [va, vb, vab] = [0, 0, 0];
      each((w, p, q) => {
        va += (w / total) * (p - ma) ** 2;
        vb += (w / total) * (q - mb) ** 2;
        vab += (w / total) * (p - ma) * (q - mb);
      });
      sum +=
        ((2 * ma * mb + 6.5025) * (2 * vab + 58.5225)) / ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225));
      count += 1;
    }
  }
  return sum / count;
}

test('is the definition, and leaves out what is masked', () => {
  const [a, b] = [noise(1), noise(2)];
  assert.equal(ssim(a, a, width, height), 1);
  assert.ok(Math.abs(ssim(a, b, width, height) - literal(a, b, () => false)) < 1e-9);
  const masked = Uint8Array.from({ length: width * height }, (_, i) => (i % width < 20 ? 1 : 0));
  const half = literal(a, b, (x) => x < 20);
  assert.ok(Math.abs(ssim(a, b, width, height, masked) - half) < 1e-9);
  assert.ok(Number.isNaN(ssim(a, b, width, height, new Uint8Array(width * height).fill(1))));
});
