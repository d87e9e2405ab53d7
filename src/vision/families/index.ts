import type { Size } from '../../core/box.ts';
import type { ModelCard, OutputFamily } from '../../models/card.ts';
import { blazeface } from './blazeface.ts';
import { centerface } from './centerface.ts';
import { checkShapes } from './check.ts';
import { detr } from './detr.ts';
import { wrongCard, type Decode, type Family, type Tensors } from './family.ts';
import { retinaface } from './retinaface.ts';
import { ssdAnchors } from './ssd-anchors.ts';
import { ssdBoxes } from './ssd-boxes.ts';
import { ctcText, dbText } from './text-shapes.ts';
import { yoloV5 } from './yolo-v5.ts';
import { yoloV8 } from './yolo-v8.ts';
import { yunet } from './yunet.ts';

export type { Decode, DecodeRequest, Family, Tensor, Tensors } from './family.ts';

/** Families whose outputs are text, decoded in src/vision/text. */
type TextFamily = 'db-text' | 'ctc-text';

/** How each kind of detector is decoded. */
export const detectorFamilies: Readonly<Record<Exclude<OutputFamily, TextFamily>, Family>> = {
  'ssd-anchors': ssdAnchors,
  'ssd-boxes': ssdBoxes,
  'yolo-v5': yoloV5,
  'yolo-v8': yoloV8,
  detr,
  centerface,
  yunet,
  blazeface,
  retinaface,
};

/**
 * Checks what a run on an input of `size` pixels gave back against what the card's family expects.
 * @throws TidewaiterError `E_MODEL_TENSOR` naming the tensor, what was expected and what came; `E_MODEL_CARD` when the
 *   card's parameters do not fit its family.
 */
export function checkOutputs(card: ModelCard, outputs: Tensors, size: Size): void {
  const { family } = card;
  if (family === 'db-text') checkShapes(card, dbText(size), outputs, size);
  else if (family === 'ctc-text') checkShapes(card, ctcText(), outputs, size);
  else checkShapes(card, detectorFamilies[family].shapes(card, size), outputs, size);
}

/**
 * The decoder of a detector's outputs, before suppression of duplicates. It checks the outputs of every run.
 * @throws TidewaiterError `E_MODEL_CARD` when the card is not a detector's or its parameters do not fit; the decoder
 *   throws as {@link checkOutputs} and {@link Decode} do.
 */
export function prepareDecoder(card: ModelCard): Decode {
  const { family } = card;
  if (family === 'db-text' || family === 'ctc-text') throw wrongCard(card, `${family} does not find objects`);
  const decode = detectorFamilies[family].prepare(card);
  return (outputs, request) => {
    checkOutputs(card, outputs, request.size);
    return decode(outputs, request);
  };
}
