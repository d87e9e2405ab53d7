import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import { halfOf, photosOf, seedsOf } from './halves.ts';
import { headsOf, type Photo, type PhotoSet, readPhotoSet } from './photo-set.ts';
import { recipeOf } from './recipe.ts';
import { composeScene, type Scene } from './scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-photos-'));
after(() => rmSync(folder, { recursive: true }));

const face = { x: 210, y: 120, width: 90, height: 120 };
const head: [number, number][] = [
  [190, 90],
  [320, 90],
  [320, 330],
  [190, 330],
];

/** A grey photograph whose only face is a magenta ellipse. */
async function magentaFace(name: string): Promise<Photo> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="520" height="400"><rect width="520" height="400" fill="#808080"/>
    <ellipse cx="${face.x + 45}" cy="${face.y + 60}" rx="45" ry="60" fill="#ff00ff"/></svg>`;
  await sharp(Buffer.from(svg))
    .png()
    .toFile(join(folder, `${name}.png`));
  return {
    file: `${name}.png`,
    width: 520,
    height: 400,
    faces: [{ id: name, box: face, head, view: 'front' }],
  };
}

function list(photos: unknown): string {
  const path = join(folder, 'faces.json');
  writeFileSync(path, JSON.stringify({ photos }));
  return path;
}

describe('photographs', () => {
  test('are read from a list of faces', async () => {
    const set = await readPhotoSet(folder, list([await magentaFace('one')]));
    assert.equal(headsOf(set).length, 1);
    assert.deepEqual(set.photos[0]?.faces[0]?.box, face);
  });

  test('are refused by name when the list does not fit', async () => {
    const photo = await magentaFace('one');
    const refused: [unknown, RegExp][] = [
      [[{ ...photo, file: '../secret.png' }], /photos\.0\.file.*below the folder/],
      [[photo, photo], /two faces with the id one/],
      [[{ ...photo, faces: [] }], /photos\.0\.faces/],
    ];
    for (const [photos, message] of refused) {
      await assert.rejects(readPhotoSet(folder, list(photos)), { code: 'E_PHOTOGRAPHS', message });
    }
    await assert.rejects(
      readPhotoSet(folder, list([{ ...photo, file: 'gone.png' }])),
      /gone\.png cannot be opened/,
    );
    await assert.rejects(readPhotoSet(folder, list([{ ...photo, width: 521 }])), /520 x 400/);
    await assert.rejects(readPhotoSet(folder, join(folder, 'none.json')), { code: 'E_PHOTOGRAPHS' });
  });

  test('have halves that share neither seeds nor photographs', async () => {
    const set: PhotoSet = { folder, photos: await Promise.all(['a', 'b', 'c'].map(magentaFace)) };
    const files = (['tuning', 'reporting'] as const).map((half) =>
      photosOf(half, set).photos.map(({ file }) => file),
    );
    assert.deepEqual(files, [['a.png', 'c.png'], ['b.png']]);
    assert.ok(seedsOf('tuning').every((seed) => halfOf(seed) === 'tuning'));
    assert.ok(seedsOf('reporting').every((seed) => halfOf(seed) === 'reporting'));
  });
});

describe('scenes for measuring', () => {
  test('have their faces where the photographed faces can be seen', async () => {
    const set: PhotoSet = { folder, photos: [await magentaFace('one')] };
    for (const [seed, cast] of [
      [1, { snapshot: 1 }],
      [2, { passer: 1 }],
      [3, { passer: 1 }],
      [4, { passer: 1 }],
    ] as const) {
      const nobody = { person: 0, photo: 0 };
      const settings = 'snapshot' in cast ? (['portraits'] as const) : (['hall'] as const);
      const scene = await composeScene({
        ...{ seed, photos: set, settings, frames: 12, noise: 0, light: [1, 1] },
        cast: { ...nobody, ...cast },
      });
      let seen = 0;
      for (const index of [0, 5, 11]) seen += assertFaceFound(scene, index);
      assert.ok(seen > 0, `seed ${seed} shows its face`);
    }
  });

  test('are the same for the same seed', async () => {
    const set: PhotoSet = { folder, photos: [await magentaFace('one')] };
    const small = { width: 320, height: 180 };
    for (const seed of [4, 6]) {
      const one = await composeScene({ ...recipeOf(seed, set).scene, ...small });
      const two = await composeScene({ ...recipeOf(seed, set).scene, ...small });
      assert.ok(one.frame(9).equals(two.frame(9)));
      assert.deepEqual(one.truth(9), two.truth(9));
      assert.deepEqual(one.ticks, two.ticks);
      assert.ok(one.ticks.length >= 40 && one.ticks.length <= 60);
    }
  });
});

/** Looks for magenta pixels and compares their box with the truth. @returns the number of pixels. */
function assertFaceFound(scene: Scene, index: number): number {
  const data = scene.frame(index);
  const known = scene.truth(index).filter((thing) => thing.class === 'face');
  let [left, top, right, bottom, count] = [scene.width, scene.height, 0, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    if (!(data[i]! - data[i + 1]! > 70 && data[i + 2]! - data[i + 1]! > 70)) continue;
    const [x, y] = [(i / 3) % scene.width, Math.floor(i / 3 / scene.width)];
    [left, top, right, bottom] = [
      Math.min(left, x),
      Math.min(top, y),
      Math.max(right, x + 1),
      Math.max(bottom, y + 1),
    ];
    count++;
  }
  if (count === 0) return 0;
  assert.equal(known.length, 1);
  const { box, size } = known[0]!;
  // A collar may hide the lower end of a face; everywhere else its edge is soft by a few pixels.
  const slack = 3 + 0.06 * size.height + known[0]!.blur;
  assert.ok(
    left >= box.x - slack && right <= box.x + box.width + slack,
    `${left}-${right} in ${JSON.stringify(box)}`,
  );
  assert.ok(top >= box.y - slack && bottom <= box.y + box.height + slack);
  assert.ok(Math.abs(left - box.x) <= slack && Math.abs(right - box.x - box.width) <= slack);
  assert.ok(Math.abs(top - box.y) <= slack);
  return count;
}
