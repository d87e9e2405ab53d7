import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { check, misfitOf } from '../core/misfit.ts';

const boxSchema = z.object({
  x: z.number().min(0),
  y: z.number().min(0),
  width: z.number().positive(),
  height: z.number().positive(),
});

const faceSchema = z.object({
  /** Unique in the set; figures are resampled over these names. */
  id: z.string().min(1),
  /** Hairline to chin, cheek to cheek. Pixels of the photograph as displayed. */
  box: boxSchema,
  /** Outline of head and neck, for faces that may be cut out and set on a drawn body. Pixels of the photograph. */
  head: z
    .array(z.tuple([z.number(), z.number()]))
    .min(3)
    .optional(),
  /** How the face is turned; `front` when both eyes are seen about alike. */
  view: z.enum(['front', 'turned', 'profile', 'down']).optional(),
});

const photoSchema = z.object({
  /** Path below the folder of the set. */
  file: z.string().min(1).refine(isBelow, { message: 'must name a file below the folder' }),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** All faces of the photograph: one that is missing here would count as covered in vain. */
  faces: z.array(faceSchema).min(1),
});

const photoListSchema = z.object({ photos: z.array(photoSchema).min(1) });

/** A face in a photograph. */
export type KnownFace = z.infer<typeof faceSchema>;
/** A photograph all of whose faces are known. */
export type Photo = z.infer<typeof photoSchema>;

/** Photographs that lie in one folder, with their faces. */
export interface PhotoSet {
  readonly folder: string;
  readonly photos: readonly Photo[];
}

/** A face that can be cut out, and where it is. */
export interface KnownHead {
  readonly photo: Photo;
  readonly face: KnownFace;
}

export const noPhotos: PhotoSet = { folder: '.', photos: [] };

export function photoPath(set: PhotoSet, photo: Photo): string {
  return join(set.folder, photo.file);
}

/** The faces that can be cut out, in the order of the set. */
export function headsOf(set: PhotoSet): KnownHead[] {
  return set.photos.flatMap((photo) =>
    photo.faces.filter((face) => face.head !== undefined).map((face) => ({ photo, face })),
  );
}

/**
 * Reads the list of faces of a folder of photographs. docs/evaluation.md describes the format.
 * @throws TidewaiterError `E_PHOTOGRAPHS` for a list that cannot be read or does not fit its format.
 */
export async function readPhotoSet(folder: string, listPath: string): Promise<PhotoSet> {
  const text = await readFile(listPath, 'utf8').catch((error: unknown) => {
    throw refusal(listPath, `cannot be read (${systemCode(error) ?? 'unknown reason'})`);
  });
  const parsed = check(photoListSchema, json(text, listPath));
  if (!parsed.success) {
    const { place, what } = misfitOf(parsed.error);
    throw refusal(listPath, `does not fit its format at ${place || 'the top'}: ${what}`);
  }
  const ids = parsed.data.photos.flatMap(({ faces }) => faces.map(({ id }) => id));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw refusal(listPath, `has two faces with the id ${twice}`);
  for (const photo of parsed.data.photos) await checkPhoto(folder, photo, listPath);
  return { folder, photos: parsed.data.photos };
}

/** Boxes mean nothing on a picture of another size. */
async function checkPhoto(folder: string, { file, width, height }: Photo, listPath: string): Promise<void> {
  const { autoOrient: size } = await sharp(join(folder, file))
    .metadata()
    .catch(() => {
      throw refusal(listPath, `names ${file}, and ${file} cannot be opened`);
    });
  if (size.width === width && size.height === height) return;
  throw refusal(
    listPath,
    `says that ${file} has ${width} x ${height} pixels, and it has ${size.width} x ${size.height}`,
  );
}

function json(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(path, 'is not JSON');
  }
}

function refusal(path: string, what: string): TidewaiterError {
  return new TidewaiterError(
    'E_PHOTOGRAPHS',
    `The list of faces ${path} ${what}`,
    'docs/evaluation.md shows what it holds.',
  );
}

function isBelow(file: string): boolean {
  return !isAbsolute(file) && !file.split(/[/\\]/).includes('..');
}
