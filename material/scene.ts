import { composeScene as compose, type Scene, type SceneOptions } from '../src/scenes/scene.ts';
import { packagePhotos } from './faces.ts';

export type { Scene, SceneOptions } from '../src/scenes/scene.ts';

/** Composes a scene with the photographs of the npm package unless others are given. */
export function composeScene(options: SceneOptions): Promise<Scene> {
  return compose({ photos: packagePhotos, ...options });
}
