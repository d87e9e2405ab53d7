import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PhotoSet, readPhotoSet } from '../src/scenes/photo-set.ts';

/** Where the faces of {@link packagePhotos} are written down: measured by hand, in the format of docs/evaluation.md. */
export const packageFaces = fileURLToPath(new URL('faces.json', import.meta.url));

/** The folder of the photographs inside the installed package. */
export const packageFolder = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/**
 * Six photographs with 22 faces, shipped by the npm package `@vladmandic/face-api` 1.7.15 (MIT; its README says that
 * they were taken by its author). They are read from the installed package, never copied into this project.
 */
export const packagePhotos: PhotoSet = await readPhotoSet(packageFolder, packageFaces);
