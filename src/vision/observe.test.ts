import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { Observation } from '../core/observation.ts';
import { Random } from '../core/random.ts';
import { efforts, type EffortSettings } from './effort.ts';
import { observeClip, type Detector, type ObservableFrame, type ObserveOptions } from './observe.ts';
import { cutThumbnail } from './track/scene-cut.ts';

const size = { width: 64, height: 36 };
const model = { id: 'made-up', digest: '' };
const thing: Observation = { class: 'person', box: { x: 1, y: 1, width: 9, height: 20 }, score: 0.9, model };
const line: Observation = {
  class: 'text',
  box: { x: 5, y: 5, width: 30, height: 6 },
  score: 0.9,
  model,
  text: 'A',
};

/** A clip whose frames count who holds them. Each scene is a noise of its own, so that cuts are seen. */
class Clip {
  readonly frames: Frame[];
  constructor(scenes: readonly number[], fps = 10, first = 0) {
    this.frames = scenes
      .flatMap((count, scene) => Array.from({ length: count }, () => scene))
      .map((scene, index) => new Frame(index, first + index / fps, scene));
  }

  /** As a decoder gives them: released when the next one is asked for. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Frame> {
    for (const frame of this.frames) {
      frame.holders = 1;
      try {
        yield frame;
      } finally {
        frame.release();
      }
    }
  }

  held(): number {
    return this.frames.filter((frame) => frame.holders > 0).length;
  }
}

class Frame implements ObservableFrame {
  readonly width = size.width;
  readonly height = size.height;
  readonly index: number;
  readonly time: number;
  readonly #luma: Uint8Array;
  holders = 0;

  constructor(index: number, time: number, scene: number) {
    this.index = index;
    this.time = time;
    const random = new Random(`scene ${scene}`);
    this.#luma = Uint8Array.from({ length: cutThumbnail.width * cutThumbnail.height }, () =>
      random.integer(256),
    );
  }

  readLuma(): Uint8Array {
    assert.ok(this.holders > 0, `frame ${this.index} was read after its release`);
    return this.#luma;
  }

  readRgb(): void {
    assert.ok(this.holders > 0, `frame ${this.index} was read after its release`);
  }

  retain(): void {
    assert.ok(this.holders > 0, `frame ${this.index} was retained after its release`);
    this.holders++;
  }

  release(): void {
    assert.ok(this.holders > 0, `frame ${this.index} was released more often than it was held`);
    this.holders--;
  }
}

/** A detector that takes a while, out of order, and writes down what it was asked. */
class Probe implements Detector {
  readonly asked: { frame: number; text: boolean }[] = [];
  readonly clip: Clip;
  readonly #fail: number | undefined;
  mostHeld = 0;
  textsUnderWay = 0;

  constructor(clip: Clip, failAt?: number) {
    this.clip = clip;
    this.#fail = failAt;
  }

  async look(
    source: Parameters<Detector['look']>[0],
    text: 'no' | 'frame' | 'still',
  ): Promise<Observation[]> {
    assert.ok(source instanceof Frame);
    this.asked.push({ frame: source.index, text: text !== 'no' });
    if (text !== 'no') assert.equal(++this.textsUnderWay, 1, 'text is looked for in one frame at a time');
    for (let step = 0; step < 3; step++) {
      this.mostHeld = Math.max(this.mostHeld, this.clip.held());
      source.readRgb();
      await sleep((source.index * 7) % 3);
    }
    if (text !== 'no') this.textsUnderWay--;
    if (source.index === this.#fail) throw new RangeError('the detector broke');
    return text === 'no' ? [thing] : [thing, line];
  }

  /** Frames in which it looked at all, and those in which it read. */
  get looked(): number[] {
    return [...new Set(this.asked.map(({ frame }) => frame))].sort((a, b) => a - b);
  }

  get read(): number[] {
    return this.asked.filter(({ text }) => text).map(({ frame }) => frame);
  }
}

const effort: EffortSettings = { ...efforts.standard, every: 3 };

function watch(clip: Clip, probe: Probe, options: Partial<ObserveOptions> = {}, settings = effort) {
  return observeClip(clip, size, probe, settings, { parallel: 3, ...options });
}

describe('a clip is looked at', () => {
  test('in every k-th frame, in the first and last one, and on both sides of each cut', async () => {
    const clip = new Clip([11, 5, 9]);
    const probe = new Probe(clip);
    const seen = await watch(clip, probe);
    assert.deepEqual(seen.cuts, [1.1, 1.6]);
    assert.deepEqual(probe.looked, [0, 3, 6, 9, 10, 11, 12, 15, 16, 18, 21, 24]);
    assert.equal(seen.frames, 25);
    assert.equal(seen.log.rows, probe.looked.length);
    for (const frame of clip.frames) {
      assert.equal(seen.log.isObserved(frame.index), probe.looked.includes(frame.index));
      assert.equal(seen.log.isCut(frame.index), [11, 16].includes(frame.index));
    }
  });

  test('for text at the ends of each scene and never more rarely than asked', async () => {
    const clip = new Clip([22, 5, 9]);
    const probe = new Probe(clip);
    const { textLooks } = await watch(clip, probe);
    for (const frame of [0, 21, 22, 26, 27, 35]) assert.ok(probe.read.includes(frame), `frame ${frame}`);
    const gaps = probe.read.slice(1).map((frame, index) => frame - (probe.read[index] ?? 0));
    // Every third frame of ten in a second: the first that comes 0.6 s after the look before.
    assert.ok(Math.max(...gaps) <= 6, `${probe.read.join(', ')}`);
    assert.deepEqual(
      textLooks.map(({ frame }) => frame),
      probe.read,
    );
    assert.deepEqual(
      probe.read,
      probe.read.toSorted((a, b) => a - b),
    );
  });

  test('again for text only where the last frame of a scene was looked at without', async () => {
    const clip = new Clip([7]);
    const probe = new Probe(clip);
    const times: number[] = [];
    const seen = await watch(clip, probe, { onLook: ({ time }) => times.push(time) });
    assert.deepEqual(
      probe.asked.filter(({ frame }) => frame === 6),
      [
        { frame: 6, text: false },
        { frame: 6, text: true },
      ],
    );
    assert.equal(seen.log.rows, 3, 'a thing is not counted twice');
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  test('without text when the effort has none', async () => {
    const clip = new Clip([7]);
    const probe = new Probe(clip);
    const { textLooks } = await watch(clip, probe, {}, { ...efforts.fast, every: 3 });
    assert.deepEqual(probe.read, []);
    assert.deepEqual(textLooks, []);
    assert.deepEqual(probe.looked, [0, 3, 6]);
  });

  test('in every frame of a slow camera, whose every third frame would be seconds apart', async () => {
    const clip = new Clip([6], 2);
    const probe = new Probe(clip);
    await watch(clip, probe);
    assert.deepEqual(probe.looked, [0, 1, 2, 3, 4, 5]);
  });

  test('from its own first time', async () => {
    const clip = new Clip([4], 10, -0.5);
    const seen = await watch(clip, new Probe(clip));
    assert.equal(seen.first, -0.5);
    assert.ok(Math.abs(seen.last - -0.2) < 1e-9);
  });

  test('when it has one frame, or none', async () => {
    const one = new Clip([1]);
    const probe = new Probe(one);
    const seen = await watch(one, probe);
    assert.deepEqual(probe.asked, [{ frame: 0, text: true }]);
    assert.deepEqual([seen.frames, seen.first, seen.last], [1, 0, 0]);
    const none = await watch(new Clip([]), probe);
    assert.deepEqual([none.frames, none.cuts.length, none.log.rows], [0, 0, 0]);
  });
});

test('detections of a registered model stay things, whatever their class is called', async () => {
  const clip = new Clip([7]);
  const detector: Detector = { look: () => Promise.resolve([{ ...thing, class: 'plate' }]) };
  const { log, textLooks } = await observeClip(clip, size, detector, effort, { parallel: 3 });
  assert.equal(log.rows, 3);
  assert.ok(textLooks.every(({ observations }) => observations.length === 0));
});

test('the same clip gives the same observations however long looks take', async () => {
  const once = async () => {
    const clip = new Clip([22, 5, 9]);
    const seen = await watch(clip, new Probe(clip));
    const rows = Array.from({ length: seen.log.rows }, (_, row) => seen.log.frameOf(row));
    return JSON.stringify([rows, seen.textLooks, seen.cuts]);
  };
  assert.equal(await once(), await once());
});

describe('frames are held', () => {
  for (const parallel of [1, 2, 3]) {
    test(`by no more than ${parallel} looks and the reader at a time, and released once each`, async () => {
      const clip = new Clip([17, 2, 3, 20]);
      const probe = new Probe(clip);
      await watch(clip, probe, { parallel });
      // The frame that the decoder lends, the one before it, and at a cut one look more.
      assert.ok(probe.mostHeld <= parallel + 2, `${probe.mostHeld}`);
      assert.equal(clip.held(), 0);
    });
  }

  for (const frame of [0, 9, 10, 11, 24]) {
    test(`no longer when the detector breaks in frame ${frame}`, async () => {
      const clip = new Clip([11, 14]);
      await assert.rejects(watch(clip, new Probe(clip, frame)), /the detector broke/);
      assert.equal(clip.held(), 0);
    });
  }

  test('no longer when the work is cancelled', async () => {
    const clip = new Clip([30]);
    const stop = new AbortController();
    const onFrame = (frames: number): void => {
      if (frames === 8) stop.abort(new Error('cancelled'));
    };
    await assert.rejects(watch(clip, new Probe(clip), { signal: stop.signal, onFrame }), /cancelled/);
    assert.equal(clip.held(), 0);
  });

  test('no longer when a frame is not later than the one before', async () => {
    const clip = new Clip([5]);
    clip.frames.push(new Frame(5, 0.4, 0));
    await assert.rejects(watch(clip, new Probe(clip)), RangeError);
    assert.equal(clip.held(), 0);
  });

  test('no longer when whoever listens to what is seen throws', async () => {
    const clip = new Clip([20]);
    const onLook = (): void => {
      throw new Error('nobody listens');
    };
    await assert.rejects(watch(clip, new Probe(clip), { onLook }), /nobody listens/);
    assert.equal(clip.held(), 0);
  });
});
