import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { clipTruth } from '../src/scenes/clip/clip.ts';
import type { Scene } from './scene.ts';

export interface PictureOptions {
  /** Degrees, north and east positive: written as EXIF GPS position together with the name of a camera. */
  readonly location?: { readonly latitude: number; readonly longitude: number };
  /** Where the truth goes; `NAME.truth.json` beside the picture by default. */
  readonly truthPath?: string;
}

/**
 * Writes one frame of a scene as a still picture (the ending of the name chooses the format) and its truth.
 * @returns the path of the truth, in the form that {@link clipTruth} gives, with one frame.
 */
export async function writePicture(
  scene: Scene,
  frame: number,
  path: string,
  options: PictureOptions = {},
): Promise<string> {
  const raw = { width: scene.width, height: scene.height, channels: 3 as const };
  let picture = sharp(scene.frame(frame), { raw });
  if (options.location !== undefined) {
    const { latitude, longitude } = options.location;
    picture = picture.withExif({
      IFD0: { Make: 'Tidewaiter', Model: 'Scene composer', Artist: 'OFFICER ON DUTY' },
      IFD3: {
        GPSLatitudeRef: latitude < 0 ? 'S' : 'N',
        GPSLatitude: sexagesimal(latitude),
        GPSLongitudeRef: longitude < 0 ? 'W' : 'E',
        GPSLongitude: sexagesimal(longitude),
      },
    });
  }
  await picture.toFile(path);
  const { truthPath = `${path}.truth.json` } = options;
  const truth = clipTruth(scene);
  await writeFile(truthPath, JSON.stringify({ ...truth, cuts: [], frames: [truth.frames[frame]] }));
  return truthPath;
}

/** Degrees, minutes and seconds as three EXIF rationals. */
function sexagesimal(degrees: number): string {
  const hundredths = Math.round(Math.abs(degrees) * 360_000);
  const minutes = Math.floor(hundredths / 6000);
  return `${Math.floor(minutes / 60)}/1 ${minutes % 60}/1 ${hundredths % 6000}/100`;
}
