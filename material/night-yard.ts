import type { Size } from '../src/core/box.ts';
import { Random } from '../src/core/random.ts';
import { drawBackground, HORIZON } from '../src/scenes/draw/background.ts';
import { develop } from '../src/scenes/draw/camera.ts';
import { linear, type Motion, type Placement, walking } from '../src/scenes/draw/motion.ts';
import { drawSprite, type RgbFrame } from '../src/scenes/draw/render.ts';
import { frameTruth, type Placed } from '../src/scenes/frame-truth.ts';
import type { Scene } from '../src/scenes/scene.ts';
import { drawPerson, FACE } from '../src/scenes/things/person.ts';
import { packagePhotos } from './faces.ts';

/** When somebody walks through the yard, and how fast: pixels of a picture 1280 wide. */
interface Visit {
  readonly from: number;
  readonly speed: number;
  /** Height of the face, pixels of 720 rows. */
  readonly face: number;
  /** From the left side, or from the right. */
  readonly toRight: boolean;
}

/** Somebody comes in from the left, and later somebody from the right; between them the yard is empty. */
const visits: readonly Visit[] = [
  { from: 7, speed: 190, face: 34, toRight: true },
  { from: 16, speed: 170, face: 40, toRight: false },
];

const timeBase = { num: 1, den: 90_000 };
const fps = 10;
/** Little light, and the noise of a sensor that makes the best of it. */
const night = { light: [0.38, 0.39], noise: 3 } as const;

/** A container yard at night, empty but for two visits: 26 s at 10 frames a second. The same seed gives the same pixels. */
export async function composeNightYard(seed: number | string, size: Size): Promise<Scene> {
  const background = await drawBackground('yard', size, new Random(`${seed}/background`));
  const people = await Promise.all(
    visits.map(async (visit, index) => {
      const random = new Random(`${seed}/visit-${index}`);
      const sprite = await drawPerson(random, packagePhotos, 2 * random.integer(10) + 1);
      return { id: `visit-${index}`, sprite, visit, motion: pathOf(visit, sprite, size) };
    }),
  );
  const ticks = Array.from({ length: 26 * fps }, (_, frame) => (frame * timeBase.den) / fps);
  const placed = (frame: number): Placed[] =>
    people
      .map(({ id, sprite, visit, motion }) => ({
        id,
        sprite,
        // The motion of a second begins when the visit does.
        places: [motion(frame / fps - visit.from)],
      }))
      .filter(({ places: [place] }) => place!.x > -size.width && place!.x < 2 * size.width);
  const camera = { name: String(seed), ...night };
  return {
    ...size,
    timeBase,
    fps,
    ticks,
    times: ticks.map((tick) => tick / timeBase.den),
    cuts: [],
    frame: (index) => {
      const frame: RgbFrame = { ...background, data: Buffer.from(background.data) };
      for (const { sprite, places } of placed(index)) drawSprite(frame, sprite, places);
      develop(frame, camera, index, ticks.length);
      return frame.data as Buffer;
    },
    light: () => night.light[0],
    truth: (index) => frameTruth(placed(index), size),
  };
}

/** Where somebody is so many seconds after the visit began: eyes at the camera's height, feet on the ground. */
function pathOf(
  { face, speed, toRight }: Visit,
  sprite: { readonly width: number; readonly height: number },
  { width, height }: Size,
): Motion {
  const scale = face / FACE;
  const top = HORIZON * 720 - 0.4 * face;
  const place = (x: number): Placement => ({
    x: (x * width) / 1280,
    y: ((top + (sprite.height * scale) / 2) * height) / 720,
    scale: (scale * height) / 720,
  });
  const outside = sprite.width * scale;
  const [start, step] = toRight ? [-outside, speed] : [1280 + outside, -speed];
  return walking(linear(place(start), place(start + step)), 3.6, 6);
}
