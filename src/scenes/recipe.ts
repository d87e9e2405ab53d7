import { Random } from '../core/random.ts';
import type { Cast } from './cast.ts';
import type { Setting } from './draw/background.ts';
import type { PhotoSet } from './photo-set.ts';
import type { SceneOptions } from './scene.ts';

/** What one clip of an evaluation is made of: all of it follows from the seed. */
export interface Recipe {
  readonly scene: SceneOptions;
  /** Quality of x264, 23 to 32. */
  readonly crf: number;
}

interface Shot {
  readonly setting: Setting;
  readonly cast: Cast;
}

/** Nothing of the usual casts. */
const nobody: Cast = {
  ...({ person: 0, vehicle: 0, post: 0, counter: 0, screen: 0, passport: 0, label: 0 } as const),
  ...({ container: 0, photo: 0 } as const),
};

/** Kinds of clips, taken in turn, so that a row of seeds holds alike of each. Between two shots lies a cut. */
const takes: readonly (readonly Shot[])[] = [
  [{ setting: 'lane', cast: { passer: 12, stranger: 2, traffic: 2, post: 1, notice: 1 } }],
  [
    { setting: 'portraits', cast: { snapshot: 1 } },
    { setting: 'portraits', cast: { snapshot: 1 } },
  ],
  [{ setting: 'street', cast: { traffic: 6, passer: 6 } }],
  [{ setting: 'hall', cast: { passer: 12, stranger: 4, notice: 1 } }],
  [{ setting: 'office', cast: { passer: 7, counter: 1, screen: 1, handheld: 1, label: 1, notice: 1 } }],
  [
    { setting: 'hall', cast: { passer: 8, stranger: 2 } },
    { setting: 'street', cast: { passer: 6, post: 1, traffic: 5 } },
  ],
  [{ setting: 'yard', cast: { container: 1, traffic: 6, passer: 6 } }],
  [
    { setting: 'portraits', cast: { snapshot: 1 } },
    { setting: 'hall', cast: { passer: 8, notice: 2, screen: 1 } },
  ],
];

/** The clip of a seed: 40 to 60 frames of 1280 x 720. */
export function recipeOf(seed: number, photos: PhotoSet): Recipe {
  const random = new Random(`recipe/${seed}`);
  const take = takes[seed % takes.length]!;
  const frames = 40 + random.integer(21);
  const fps = random.pick([25, 25, 30, 15]);
  const low = random.between(0.4, 1.1);
  return {
    crf: 23 + random.integer(10),
    scene: {
      settings: take.map(({ setting }) => setting),
      cast: take.map(({ cast }) => ({ ...nobody, ...cast })),
      photos,
      seed: `evaluation/${seed}`,
      fps,
      frames,
      vfr: random.integer(4) === 0,
      light: [low, low + random.between(0.05, 0.3)],
      noise: random.between(0.5, 8),
    },
  };
}
