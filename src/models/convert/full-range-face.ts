import { readFile } from 'node:fs/promises';
import { filledBlocks, splitPaddedSums } from './channel-blocks.ts';
import { folded } from './fold.ts';
import { netToOnnx } from './net.ts';
import { readTflite } from './tflite-file.ts';
import { tfliteToNet } from './tflite.ts';

/**
 * MediaPipe's full-range face detector from its TensorFlow Lite file: input `image` [1, 3, 192, 192], outputs
 * `regressors` [1, 2304, 16] and `logits` [1, 2304, 1].
 */
export async function convertFullRangeFace(path: string): Promise<Uint8Array> {
  const net = tfliteToNet(readTflite(await readFile(path)), 'image', {
    reshaped_regressor_face_4: 'regressors',
    reshaped_classifier_face_4: 'logits',
  });
  return netToOnnx(filledBlocks(splitPaddedSums(folded(net))));
}
