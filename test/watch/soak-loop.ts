import sharp from 'sharp';
import { conditions } from './scenes/conditions.ts';
import { clipRate, readMaterial } from './scenes/people.ts';
import { playScene, secondsOf } from './scenes/scene.ts';

/** Size of the pictures of {@link writeLoop}. */
export const loopSize = { width: 480, height: 360 };

/** Pictures of one person who comes in, and a pause before and after. @param frames `/folder/%05d.jpg`. @returns seconds of a loop. */
export async function writeLoop(frames: string): Promise<number> {
  const material = await readMaterial(loopSize, [0, 300]);
  // The person who is largest in the picture: what is lost here is not lost because of distance.
  const height = (walk: (typeof material.walks)[number]): number => walk[walk.length >> 1]?.truth.height ?? 0;
  const [walk] = material.walks.toSorted((a, b) => height(b) - height(a));
  const [condition] = conditions;
  if (walk === undefined || condition === undefined) throw new Error('the annotated clip has nobody');
  let number = 0;
  // Without noise, for the same reason.
  const plain = { ...condition, start: () => () => undefined };
  for (const { source } of playScene(material, plain, 1, secondsOf([walk]), [walk])) {
    const raw = { ...loopSize, channels: 3 } as const;
    await sharp(source.data, { raw })
      .jpeg({ quality: 92 })
      .toFile(frames.replace('%05d', String(++number).padStart(5, '0')));
  }
  return number / clipRate;
}
