import { elements, floats, selectedLast } from './tensor.ts';
import { folded } from './fold.ts';
import { netToOnnx } from './net.ts';
import { conversionError } from './failure.ts';
import { readTfjs } from './tfjs-file.ts';
import { tfjsToNet } from './tfjs.ts';
import type { TfjsConstant, TfjsGraph } from './tfjs-file.ts';
import type { FloatTensor } from './tensor.ts';

/** Columns of the class head: background and the 90 COCO category ids. */
const COCO_COLUMNS = 91;
const FEATURE_MAPS = 6;
const SIDE = 300;

/** The size constant of the class head's reshape, `[batch, -1, 91]`. */
const COLUMN_COUNT = 'BoxPredictor_0/stack_1/2';

/**
 * SSDLite MobileNetV2 from a TensorFlow.js file, cut behind the preprocessing and before the box decoding:
 * input `image` [1, 3, 300, 300], outputs `boxes` [1, 1917, 4] and `scores` [1, 1917, categories].
 * @param categories COCO category ids (1..90) whose logits are kept, in the order of the outputs. The heads
 *   are convolutions, so leaving columns out changes no other column.
 */
export async function convertCoco(path: string, categories: readonly number[]): Promise<Uint8Array> {
  const graph = withCategories(await readTfjs(path), categories);
  const net = tfjsToNet(graph, {
    from: 'Preprocessor/sub',
    inputName: 'image',
    inputDims: [1, 3, SIDE, SIDE],
    outputs: { boxes: 'Squeeze', scores: 'concat_1' },
  });
  return netToOnnx(folded(net));
}

function withCategories(graph: TfjsGraph, categories: readonly number[]): TfjsGraph {
  const constants = new Map(graph.constants);
  for (let map = 0; map < FEATURE_MAPS; map++) {
    for (const part of ['weights', 'biases']) {
      const name = `BoxPredictor_${map}/ClassPredictor/${part}`;
      constants.set(name, keptColumns(floatConstant(constants, name), categories));
    }
  }
  constants.set(COLUMN_COUNT, { dims: [], data: Int32Array.of(categories.length) });
  return { ...graph, constants };
}

/** The last axis holds 91 columns for each anchor of a cell. */
function keptColumns(tensor: FloatTensor, categories: readonly number[]): FloatTensor {
  const anchors = (tensor.dims.at(-1) ?? 0) / COCO_COLUMNS;
  const positions = Array.from({ length: anchors }, (_, anchor) =>
    categories.map((category) => anchor * COCO_COLUMNS + category),
  );
  return selectedLast(tensor, positions.flat());
}

function floatConstant(constants: ReadonlyMap<string, TfjsConstant>, name: string): FloatTensor {
  const constant = constants.get(name);
  if (!(constant?.data instanceof Float32Array) || constant.data.length !== elements(constant.dims)) {
    throw conversionError(`there is no float constant ${name}`);
  }
  return floats(constant.dims, constant.data);
}
