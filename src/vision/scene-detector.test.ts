import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { packagePhotos } from '../../material/faces.ts';
import { photoPath } from '../scenes/photo-set.ts';
import { composeScene } from '../../material/scene.ts';
import type { Truth } from '../scenes/truth.ts';
import { fixed, userModelDir } from '../../test/user-model.ts';
import { coverage, iou, type PixelBox } from '../core/box.ts';
import { TidewaiterError } from '../core/errors.ts';
import type { Observation, PixelSource } from '../core/observation.ts';
import { evaluationPermit } from '../core/permit.ts';
import { openPicture } from '../media/picture/index.ts';
import { scalePicture } from '../media/scale.ts';
import { upright, type RgbSurface } from '../media/surface.ts';
import { efforts, type EffortSettings } from './effort.ts';
import { InferencePool } from './inference-pool.ts';
import { defaultModels, SceneDetector } from './scene-detector.ts';

/** A picture that refuses to be read beyond its edges, or after it was released. */
class StrictPicture implements PixelSource {
  readonly width: number;
  readonly height: number;
  readonly crops: PixelBox[] = [];
  released = false;
  readonly #surface: RgbSurface;

  constructor(surface: RgbSurface) {
    this.#surface = surface;
    ({ width: this.width, height: this.height } = surface);
  }

  readRgb(...[crop, width, height, target, offset, stride]: Parameters<PixelSource['readRgb']>): void {
    assert.ok(!this.released, 'the picture was read after its release');
    const { x, y } = crop;
    assert.ok(crop.width > 0 && crop.height > 0 && x >= -1e-6 && y >= -1e-6, JSON.stringify(crop));
    assert.ok(
      x + crop.width <= this.width + 1e-6 && y + crop.height <= this.height + 1e-6,
      JSON.stringify(crop),
    );
    this.crops.push(crop);
    scalePicture(this.#surface, crop, width, height, target, offset, stride);
  }

  readLuma(width: number, height: number): Uint8Array {
    const rgb = new Uint8Array(width * height * 3);
    this.readRgb({ x: 0, y: 0, width: this.width, height: this.height }, width, height, rgb);
    return rgb.filter((_, at) => at % 3 === 1);
  }
}

async function photo(index: number): Promise<StrictPicture> {
  const { surface } = await openPicture(photoPath(packagePhotos, packagePhotos.photos[index]!));
  return new StrictPicture(surface);
}

async function sceneFrame(
  setting: 'lane' | 'office',
  seed: number,
): Promise<[StrictPicture, readonly Truth[]]> {
  const scene = await composeScene({ seed, settings: [setting], seconds: 1 });
  const { width, height } = scene;
  const surface = {
    kind: 'rgb',
    width,
    height,
    data: scene.frame(0),
    channels: 3,
    orientation: upright,
  } as const;
  return [new StrictPicture(surface), scene.truth(0)];
}

/** The corner of a picture, or all of it drawn into another shape. */
function reshaped(source: StrictPicture, width: number, height: number): StrictPicture {
  const data = new Uint8Array(width * height * 3);
  source.readRgb({ x: 0, y: 0, width: source.width, height: source.height }, width, height, data);
  return new StrictPicture({ kind: 'rgb', width, height, data, channels: 3, orientation: upright });
}

const cacheDir = mkdtempSync(join(tmpdir(), 'tidewaiter-scene-'));
const { objects, faces, smallFaces, textDetector, textRecogniser } = defaultModels;

function start(userDir?: string, extra: readonly string[] = []): Promise<InferencePool> {
  return InferencePool.start({
    models: [objects, faces, smallFaces, textDetector, textRecogniser, ...extra].map((id) => ({
      id,
      threshold: 0,
    })),
    permit: evaluationPermit,
    now: new Date(0),
    use: 'redaction',
    cacheDir,
    threads: 1,
    ...(userDir === undefined ? {} : { userDir }),
  });
}

let pool: InferencePool;
before(async () => {
  pool = await start();
});
after(async () => {
  await pool.close();
  rmSync(cacheDir, { recursive: true, force: true });
});

function detector(effort: EffortSettings = efforts.standard): SceneDetector {
  return new SceneDetector(pool, effort, defaultModels, {});
}

const centreIn = (inner: PixelBox, outer: PixelBox): boolean => {
  const [x, y] = [inner.x + inner.width / 2, inner.y + inner.height / 2];
  return x >= outer.x && x <= outer.x + outer.width && y >= outer.y && y <= outer.y + outer.height;
};

function assertSane(seen: readonly Observation[], { width, height }: StrictPicture): void {
  for (const { box, score, model } of seen) {
    assert.ok(score > 0 && score <= 1 && model.id !== '');
    assert.ok(box.width > 0 && box.height > 0, JSON.stringify(box));
    // Boxes may lean out of the picture, but not lie outside.
    assert.ok(coverage(box, { x: 0, y: 0, width, height }) > 0.25, JSON.stringify(box));
  }
}

describe('in photographs', () => {
  for (const [index, { file, faces: known }] of packagePhotos.photos.entries()) {
    test(`every face of ${file} is found, and a person for each`, async () => {
      const picture = await photo(index);
      const seen = await detector().look(picture, 'still');
      assertSane(seen, picture);
      const [found, persons] = ['face', 'person'].map((name) => seen.filter((one) => one.class === name));
      for (const { id, box } of known) {
        assert.ok(
          found?.some((face) => centreIn(face.box, box)),
          `face ${id}`,
        );
        assert.ok(
          persons?.some((person) => centreIn(box, person.box)),
          `person of face ${id}`,
        );
      }
    });
  }

  test('no face and no person is there twice', async () => {
    const seen = await detector().look(await photo(4), 'still');
    for (const [name, limit] of [
      ['face', 0.35],
      ['person', 0.5],
    ] as const) {
      const boxes = seen.filter((one) => one.class === name).map(({ box }) => box);
      boxes.forEach((box, index) =>
        boxes.slice(index + 1).forEach((other) => assert.ok(iou(box, other) <= limit + 1e-9)),
      );
    }
  });
});

describe('in composed scenes (simulated)', () => {
  const find = (seen: readonly Observation[], truth: Truth | undefined, name: string, kind?: string) =>
    seen.find(
      (one) =>
        one.class === name &&
        (kind === undefined || one.kind === kind) &&
        truth !== undefined &&
        coverage(truth.box, one.box) > 0.6,
    );

  test('a vehicle is found, and what is written low on it is its plate', async () => {
    const [picture, truths] = await sceneFrame('lane', 5);
    const seen = await detector().look(picture, 'still');
    assertSane(seen, picture);
    const vehicle = truths.find((truth) => truth.class === 'vehicle' && truth.occludedShare < 0.2);
    assert.ok(find(seen, vehicle, 'vehicle'));
    const plate = truths.find((truth) => truth.class === 'plate' && truth.text === 'D VC 3971');
    assert.equal(find(seen, plate, 'plate')?.text?.replaceAll(' ', ''), 'DVC3971');
  });

  test('screens, sensitive lines and codes are found, read and named', async () => {
    const [picture, truths] = await sceneFrame('office', 3);
    const seen = await detector().look(picture, 'still');
    assertSane(seen, picture);
    const truth = (name: string): Truth | undefined => truths.find((one) => one.class === name);
    assert.ok(find(seen, truth('screen'), 'screen'));
    for (const kind of ['email', 'phone', 'card']) assert.ok(find(seen, truth(kind), 'text', kind), kind);
    assert.equal(find(seen, truth('qr'), 'code', 'qr')?.text, truth('qr')?.text);
    assert.equal(find(seen, truth('barcode'), 'code', 'code128')?.text, truth('barcode')?.text);
  });

  test('text is looked for only when asked, and only by efforts that do', async () => {
    const [picture] = await sceneFrame('office', 3);
    const isRead = (one: Observation): boolean => ['text', 'code', 'plate'].includes(one.class);
    assert.equal((await detector().look(picture, 'no')).some(isRead), false);
    assert.equal((await detector(efforts.fast).look(picture, 'still')).some(isRead), false);
    assert.equal((await detector().look(picture, 'frame')).some(isRead), true);
  });
});

describe('whatever the shape of the picture', () => {
  for (const effort of ['fast', 'standard', 'thorough'] as const) {
    for (const [width, height] of [
      [640, 426],
      [200, 700],
      [901, 157],
      [33, 31],
    ] as const) {
      test(`${effort} looks only inside ${width} x ${height}`, async () => {
        const picture = reshaped(await photo(0), width, height);
        assertSane(
          await detector(efforts[effort]).look(picture, effort === 'fast' ? 'no' : 'frame'),
          picture,
        );
        assert.ok(picture.crops.length > 0);
      });
    }
  }
});

test('the same picture gives the same observations', async () => {
  const [one, other] = [
    await detector().look(await photo(2), 'still'),
    await detector().look(await photo(2), 'still'),
  ];
  assert.deepEqual(one, other);
});

test('a registered detector says what it finds, under the names of its card', async (t) => {
  const card = {
    id: 'mine',
    family: 'ssd-boxes',
    input: { width: 32, height: 32 },
    outputs: { boxes: 'boxes', scores: 'scores' },
    classes: ['plate'],
  } as const;
  const outputs = [
    { name: 'boxes', dims: [1, 1, 4], data: [0.25, 0.5, 0.5, 1] },
    { name: 'scores', dims: [1, 1, 1], data: [0.75] },
  ];
  const own = await start(await userModelDir(t, [fixed(card, outputs)]), ['mine']);
  t.after(() => own.close());
  const models = { ...defaultModels, extra: ['mine'] };
  const picture = reshaped(await photo(0), 400, 200);
  const seen = await new SceneDetector(own, efforts.fast, models, {}).look(picture, 'no');
  const plates = seen.filter((one) => one.class === 'plate');
  assert.equal(plates.length, 1);
  assert.equal(plates[0]?.model.id, 'mine');
  assert.equal(plates[0]?.text, undefined);
  assert.ok(iou(plates[0].box, { x: 200, y: 50, width: 200, height: 50 }) > 0.99, JSON.stringify(plates[0]));
});

test('when inference ends, a look fails once, says why, and reads the picture no more', async () => {
  const own = await start();
  const unheard: unknown[] = [];
  const listen = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', listen);
  try {
    const [picture] = await sceneFrame('office', 3);
    const look = new SceneDetector(own, efforts.standard, defaultModels, {}).look(picture, 'frame');
    const failed = assert.rejects(
      look,
      (error) => error instanceof TidewaiterError && error.code === 'E_INFERENCE_CLOSED',
    );
    await own.close();
    await failed;
    picture.released = true;
    for (let wait = 0; wait < 20; wait++) await turn();
    assert.deepEqual(unheard, []);
  } finally {
    process.off('unhandledRejection', listen);
  }
});
