import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { evaluationPermit } from '../../core/permit.ts';
import { loadUserCards } from '../../models/index.ts';
import { ModelRunner } from '../../vision/model-runner.ts';
import { MOST_DETECTIONS, type AnsweredDetection } from './answers.ts';

/**
 * Speaks the acceptance protocol for an ONNX model with a card: run in the folder `models` of the working folder, held like any
 * stranger's process. A model is looked at before it has a permit, so it runs under the evaluation permit; what it says goes into
 * a report only.
 */
interface Item {
  readonly type: 'start' | 'item' | 'end';
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly data: string;
  readonly lowestScore: number;
}

let runner: ModelRunner | undefined;
let lowest = 0;

for await (const line of createInterface({ input: process.stdin })) {
  const item = JSON.parse(line) as Item;
  if (item.type === 'end') break;
  if (item.type === 'start') {
    runner = await open();
    lowest = item.lowestScore;
    process.stdout.write('{"type":"ready"}\n');
  } else if (runner !== undefined) {
    const detections = await detect(runner, item);
    process.stdout.write(`${JSON.stringify({ type: 'answer', id: item.id, detections })}\n`);
  }
}
await runner?.close();

async function open(): Promise<ModelRunner> {
  const [model, ...more] = await loadUserCards('models');
  if (model === undefined || more.length > 0) throw new Error('one card is needed');
  const { id } = model.card;
  return ModelRunner.open(id, {
    ...{ models: [{ id, threshold: 0 }], permit: evaluationPermit, now: new Date(), use: 'acceptance' },
    ...{ cacheDir: 'cache', userDir: 'models', allowUnclearLicence: true },
  });
}

async function detect(model: ModelRunner, { width, height, data }: Item): Promise<AnsweredDetection[]> {
  const { input } = model.card;
  const scale = Math.min(input.width / width, input.height / height);
  // The part of the input that the picture takes, from the top left corner.
  const [across, down] =
    input.fit === 'letterbox'
      ? [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
      : [input.width, input.height];
  const pixels = await sharp(Buffer.from(data, 'base64'))
    .resize(across, down, { fit: 'fill' })
    .extend({ right: input.width - across, bottom: input.height - down, background: 'black' })
    .raw()
    .toBuffer();
  const found = await model.detect(
    { width: input.width, height: input.height, data: pixels },
    { threshold: lowest },
  );
  const [x, y] = [(input.width / across) * width, (input.height / down) * height];
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_DETECTIONS)
    .map(({ class: name, score, box }) => ({
      class: name,
      score,
      box: [
        box.left * x,
        box.top * y,
        Math.max(0, box.right - box.left) * x,
        Math.max(0, box.bottom - box.top) * y,
      ],
    }));
}
