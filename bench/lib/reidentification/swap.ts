import { Random } from '../../../src/core/random.ts';
import type { Obfuscation } from './obfuscations.ts';
import { composeScene, type Head } from './scene.ts';

/**
 * The greatest change of any masked sample when the person under the mask is another one, or nobody, and nothing else
 * changes. 0 proves that nothing of the person is left.
 */
export async function greatestChange(
  heads: readonly Head[],
  obfuscations: readonly Obfuscation[],
  places: number,
): Promise<number[]> {
  const look = { angle: 0, size: 1, light: 1, quality: 60 };
  const greatest = obfuscations.map(() => 0);
  for (let place = 0; place < places; place++) {
    const seed = `swap/${place}`;
    const empty = await composeScene(undefined, look, new Random(seed));
    const without = obfuscations.map(({ hide }) => hide(empty));
    for (const head of heads) {
      const scene = await composeScene(head, look, new Random(seed));
      obfuscations.forEach(({ hide }, index) => {
        const change = largestDifference(hide(scene), without[index]!);
        greatest[index] = Math.max(greatest[index]!, change);
      });
    }
  }
  return greatest;
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}
