import { area, iou, movedInside, scaled, toPixels, type PixelBox } from '../core/box.ts';
import type { ModelReference, Observation, PixelSource } from '../core/observation.ts';
import { codeReader, findCodes, type FoundCode } from './codes.ts';
import type { RawDetection } from './detection.ts';
import { lowestObjectScore, type EffortSettings } from './effort.ts';
import type { InferencePool } from './inference-pool.ts';
import { arrange, drawMosaic, fromMosaic, type Mosaic } from './mosaic.ts';
import { fitCrop } from './input.ts';
import { headCrop, personCrop } from './people.ts';
import { TextLook } from './text-look.ts';
import type { SensitiveRules, TextLine } from './text/index.ts';
import { cutByTile, overlappingTiles, uprightTiles } from './tiles.ts';

/** The models a scene is looked at with. `extra` are detectors that somebody registered. */
export interface SceneModels {
  readonly objects: string;
  readonly faces: string;
  /** For small faces, in tiles. */
  readonly smallFaces: string;
  readonly textDetector: string;
  readonly textRecogniser: string;
  readonly extra: readonly string[];
}

export const defaultModels: SceneModels = {
  objects: 'coco-ssdlite-int8',
  faces: 'mediapipe-face-full',
  smallFaces: 'ultraface-rfb-320',
  textDetector: 'ppocr-v4-det-int8',
  textRecogniser: 'ppocr-v4-rec',
  extra: [],
};

/** COCO's names, brought to the few classes that the uses speak of; the finer name is kept as `kind`. */
const objectClasses: Readonly<Record<string, string>> = {
  person: 'person',
  bicycle: 'vehicle',
  car: 'vehicle',
  motorcycle: 'vehicle',
  bus: 'vehicle',
  truck: 'vehicle',
  train: 'vehicle',
  boat: 'vehicle',
  airplane: 'vehicle',
  tv: 'screen',
  laptop: 'screen',
  'cell phone': 'screen',
  backpack: 'bag',
  handbag: 'bag',
  suitcase: 'bag',
};

/** Mosaics hold at most 3 x 3 heads: smaller cells than 64 pixels lose faces. */
const MOSAIC_GRID = 3;
/**
 * Persons lower than this (pixels) have heads of under fifteen: no face detector here sees a face on them, and the head
 * is covered as it is.
 */
const SMALLEST_PERSON = 96;
const SAME_OBJECT_IOU = 0.5;
/** Candidates this close to each other would be the same crop twice. */
const SAME_CROP_IOU = 0.6;
/** A second look that finds something else than its candidate found a neighbour or a part. */
const SAME_PERSON_IOU = 0.35;
/** Persons whose crop takes more of the picture's height than this are seen well enough as they are. */
const LARGEST_REFINED = 0.8;
const SAME_FACE_IOU = 0.35;
/** Median proportions on composed clips (simulated, 280 faces of 20 pixels and more). */
const FACE_OF_FEATURES = [0.9, 1.2] as const;
const FEATURES_BELOW = 0.05;

/** Looks at single pictures or frames: pixels in, observations out. Knows nothing of time. */
export class SceneDetector {
  readonly #pool: InferencePool;
  readonly #effort: EffortSettings;
  readonly #models: SceneModels;
  readonly #text: TextLook | undefined;

  constructor(pool: InferencePool, effort: EffortSettings, models: SceneModels, rules: SensitiveRules) {
    this.#pool = pool;
    this.#effort = effort;
    this.#models = models;
    this.#text = effort.text === undefined ? undefined : new TextLook(pool, models, rules);
  }

  /**
   * @param text also read text and codes, when the effort does so at all: as in a frame of many, or as in a still.
   * @returns observations in pixels of the source; the source may be released when the promise settles.
   */
  async look(source: PixelSource, text: 'no' | 'frame' | 'still'): Promise<Observation[]> {
    const settings = text === 'no' ? undefined : this.#effort.text;
    const side = text === 'still' ? settings?.stillMaxSide : settings?.maxSide;
    const lines = side === undefined ? undefined : this.#text?.find(source, side);
    const codes =
      settings && findCodes(source, { maxSide: settings.codesMaxSide, inverted: settings.invertedCodes });
    // A fault elsewhere must leave neither of them reading a picture that is released, nor failing unheard.
    const textFound = Promise.allSettled([lines, codes]);
    try {
      return await this.#joined(source, lines, codes);
    } finally {
      await textFound;
    }
  }

  async #joined(
    source: PixelSource,
    lines: Promise<TextLine[]> | undefined,
    codes: Promise<FoundCode[]> | undefined,
  ): Promise<Observation[]> {
    const [objects, extra] = await Promise.all([
      this.#objects(source),
      Promise.all(this.#models.extra.map((model) => this.#whole(source, model))),
    ]);
    const faces = await this.#faces(source, objects);
    const found = [...objects, ...faces, ...extra.flat()];
    const vehicles = objects.filter((object) => object.class === 'vehicle');
    const read = (await this.#text?.read(source, (await lines) ?? [], vehicles)) ?? [];
    const seenCodes = ((await codes) ?? []).map((code): Observation => ({
      class: 'code',
      kind: code.kind,
      box: code.box,
      score: code.score,
      model: codeReader,
      ...(code.text === undefined ? {} : { text: code.text }),
    }));
    return [...found, ...read, ...seenCodes];
  }

  async #objects(source: PixelSource): Promise<Observation[]> {
    const { objectThreshold, objectTiles, refinePersons } = this.#effort;
    const full = whole(source);
    const lowest = lowestObjectScore(this.#effort);
    const [seen, ...tiled] = await Promise.all([
      this.#objectsIn(source, full, lowest),
      ...uprightTiles(source, objectTiles).map((tile) => this.#objectsIn(source, tile, objectThreshold)),
    ]);
    const candidates = [seen, ...tiled].flat();
    const refined = refinePersons === false ? [] : await this.#refine(source, candidates, refinePersons.grid);
    const sure = candidates.filter((observation) => observation.score >= objectThreshold);
    return [...distinct(refined, SAME_OBJECT_IOU), ...distinct(sure, SAME_OBJECT_IOU)].reduce(
      (kept: Observation[], candidate) => (isAmong(candidate, kept) ? kept : [...kept, candidate]),
      [],
    );
  }

  async #objectsIn(source: PixelSource, crop: PixelBox, threshold: number): Promise<Observation[]> {
    const { objects } = this.#models;
    const model = this.#reference(objects);
    const detections = await this.#detect(source, objects, crop, threshold);
    return detections.flatMap((detection): Observation[] => {
      const name = objectClasses[detection.class];
      const observation = toObservation(detection, crop, model);
      if (name === undefined || cutByTile(observation.box, crop, source)) return [];
      return [{ ...observation, class: name, kind: detection.class }];
    });
  }

  /** Looks at all that may be persons again, enlarged: weak candidates are settled and boxes become exact. */
  async #refine(source: PixelSource, seen: readonly Observation[], grid: number): Promise<Observation[]> {
    const { objects } = this.#models;
    const side = this.#pool.card(objects).input.width;
    const model = this.#reference(objects);
    const persons = seen.filter((candidate) => candidate.class === 'person');
    const candidates = distinct(persons, SAME_CROP_IOU).filter(
      (person) => personCrop(person.box).height < source.height * LARGEST_REFINED,
    );
    const crops = candidates.map((person) => movedInside(personCrop(person.box), source));
    const found = await Promise.all(
      arrange(crops, grid).map(async (mosaic, number) => {
        const threshold = this.#effort.objectThreshold;
        const detections = await this.#detectMosaic(source, objects, mosaic, side, threshold, ['person']);
        return detections.flatMap((detection): Observation[] => {
          const place = fromMosaic(mosaic, side, detection.box);
          const candidate = place && candidates[number * grid ** 2 + place.crop];
          // Neighbours have crops of their own; here they may be cut off.
          if (
            place === undefined ||
            candidate === undefined ||
            iou(place.box, candidate.box) < SAME_PERSON_IOU
          )
            return [];
          return [{ class: 'person', kind: 'person', box: place.box, score: detection.score, model }];
        });
      }),
    );
    return found.flat();
  }

  async #faces(source: PixelSource, objects: readonly Observation[]): Promise<Observation[]> {
    const found = await Promise.all([
      this.#largeFaces(source),
      this.#facesOfPersons(source, objects),
      this.#smallFaces(source),
    ]);
    return distinct(
      found.flat().filter((face) => area(face.box) > 0),
      SAME_FACE_IOU,
    );
  }

  async #largeFaces(source: PixelSource): Promise<Observation[]> {
    const { faces } = this.#models;
    const model = this.#reference(faces);
    const crop = whole(source);
    const detections = await this.#detect(source, faces, crop, this.#effort.faceThreshold);
    return detections.map((detection) => wholeFace(toObservation(detection, crop, model)));
  }

  async #facesOfPersons(source: PixelSource, objects: readonly Observation[]): Promise<Observation[]> {
    const { faces } = this.#models;
    const side = this.#pool.card(faces).input.width;
    const model = this.#reference(faces);
    const heads = objects
      .filter((object) => object.class === 'person' && object.box.height >= SMALLEST_PERSON)
      .map((person) => movedInside(headCrop(person.box), source));
    const found = await Promise.all(
      arrange(heads, MOSAIC_GRID).map(async (mosaic) => {
        const detections = await this.#detectMosaic(source, faces, mosaic, side, this.#effort.faceThreshold);
        return detections.flatMap((detection): Observation[] => {
          const place = fromMosaic(mosaic, side, detection.box);
          if (place === undefined) return [];
          return [wholeFace({ class: detection.class, box: place.box, score: detection.score, model })];
        });
      }),
    );
    return found.flat();
  }

  async #smallFaces(source: PixelSource): Promise<Observation[]> {
    const { faceTile, smallFaceThreshold } = this.#effort;
    if (faceTile === false) return [];
    const { smallFaces } = this.#models;
    const { input } = this.#pool.card(smallFaces);
    const model = this.#reference(smallFaces);
    // Enlarging shows nothing more, and a ribbon of a picture would be cut into thousands.
    const height = Math.max(input.height, Math.min(source.width, source.height) * faceTile);
    const tiles = overlappingTiles(source, { width: (height * input.width) / input.height, height });
    const found = await Promise.all(
      tiles.map(async (tile) => {
        const detections = await this.#detect(source, smallFaces, tile, smallFaceThreshold);
        return detections
          .map((detection) => toObservation(detection, tile, model))
          .filter(({ box }) => !cutByTile(box, tile, source));
      }),
    );
    return found.flat();
  }

  async #whole(source: PixelSource, modelId: string): Promise<Observation[]> {
    const crop = whole(source);
    const card = this.#pool.card(modelId);
    const detections = await this.#detect(source, modelId, crop, card.threshold);
    return detections.map((detection) => toObservation(detection, crop, this.#reference(modelId)));
  }

  /** Runs a detector on a crop; boxes come back as shares of the crop. */
  async #detect(
    source: PixelSource,
    modelId: string,
    crop: PixelBox,
    threshold: number,
  ): Promise<RawDetection[]> {
    const { width, height } = this.#pool.card(modelId).input;
    const fit = fitCrop(this.#pool.card(modelId).input, crop);
    const data = this.#pool.takeBuffer(width * height * 3);
    if (fit.width < width || fit.height < height) data.fill(0);
    source.readRgb(crop, fit.width, fit.height, data, (fit.y * width + fit.x) * 3, width * 3);
    const detections = await this.#pool.detect(modelId, { width, height, data }, { threshold });
    return detections.map((detection) => ({ ...detection, box: fit.toCrop(detection.box) }));
  }

  #detectMosaic(
    source: PixelSource,
    modelId: string,
    mosaic: Mosaic,
    side: number,
    threshold: number,
    classes?: readonly string[],
  ): Promise<RawDetection[]> {
    const data = this.#pool.takeBuffer(side * side * 3);
    drawMosaic(mosaic, source, side, data);
    const options = { threshold, ...(classes === undefined ? {} : { classes }) };
    return this.#pool.detect(modelId, { width: side, height: side, data }, options);
  }

  #reference(modelId: string): ModelReference {
    const card = this.#pool.card(modelId);
    return { id: card.id, digest: card.digest };
  }
}

/**
 * From the features, which MediaPipe's detector boxes, to the face from hairline to chin and cheek to cheek, which all
 * else here means by a face.
 */
function wholeFace(features: Observation): Observation {
  const { box } = features;
  const lifted = { ...box, y: box.y - box.height * FEATURES_BELOW };
  return { ...features, box: scaled(lifted, ...FACE_OF_FEATURES) };
}

function whole(source: PixelSource): PixelBox {
  return { x: 0, y: 0, width: source.width, height: source.height };
}

function toObservation(detection: RawDetection, crop: PixelBox, model: ModelReference): Observation {
  return { class: detection.class, box: toPixels(detection.box, crop), score: detection.score, model };
}

function isAmong(candidate: Observation, kept: readonly Observation[]): boolean {
  return kept.some(
    (other) => other.class === candidate.class && iou(other.box, candidate.box) > SAME_OBJECT_IOU,
  );
}

/** Keeps the best of observations of one class that overlap: the same thing seen in several crops. */
function distinct(observations: readonly Observation[], limit: number): Observation[] {
  const kept: Observation[] = [];
  for (const candidate of observations.toSorted((a, b) => b.score - a.score)) {
    const seen = kept.some(
      (other) => other.class === candidate.class && iou(other.box, candidate.box) > limit,
    );
    if (!seen) kept.push(candidate);
  }
  return kept;
}
