import { z } from 'zod';

/** Output families whose decoding is built in; see docs/bring-your-own-model.md for the tensors each one expects. */
export const outputFamilySchema = z.enum([
  'ssd-anchors', // raw SSD: box encodings + class scores per anchor (MobileNet SSD, SSDLite)
  'ssd-boxes', // SSD with post-processing inside: boxes, classes, scores[, count]
  'yolo-v5', // [1, N, 5 + C]: cx, cy, w, h, objectness, class scores
  'yolo-v8', // [1, 4 + C, N]: cx, cy, w, h, class scores (v8, v11)
  'detr', // logits [1, N, C(+1)] and boxes [1, N, 4] as cx, cy, w, h in 0..1
  'centerface', // heatmap, scale, offset[, landmarks] at stride 4 (CenterNet-style faces)
  'yunet', // cls/obj/bbox/kps per stride 8, 16, 32
  'blazeface', // MediaPipe face: regressors [1, N, 16] and logits [1, N, 1]
  'retinaface', // per stride 32, 16, 8: class probabilities, box deltas, landmarks
  'db-text', // text probability map [1, 1, H, W]
  'ctc-text', // recogniser: [1, T, alphabet + 1]
]);
export type OutputFamily = z.infer<typeof outputFamilySchema>;

export const modelInputSchema = z.strictObject({
  /** Name of the input tensor. */
  name: z.string().min(1),
  /** Pixels. For models that accept any size, the size to use by default. */
  width: z.int().min(8).max(8192),
  height: z.int().min(8).max(8192),
  /** True when width and height may be any multiple of `multiple`. */
  dynamic: z.boolean().default(false),
  multiple: z.int().min(1).default(1),
  layout: z.enum(['NHWC', 'NCHW']),
  channels: z.enum(['RGB', 'BGR', 'GRAY']),
  /** value = (byte * scale - mean[c]) / std[c], byte 0..255. */
  scale: z.number().default(1 / 255),
  mean: z.array(z.number()).min(1).max(3).default([0, 0, 0]),
  std: z.array(z.number().positive()).min(1).max(3).default([1, 1, 1]),
  /** How a crop of another shape is brought to the input: pulled to fit, or kept in proportion with a border. */
  fit: z.enum(['stretch', 'letterbox']).default('stretch'),
});
export type ModelInput = z.infer<typeof modelInputSchema>;

/** What a person must know about weights before they run them, and what the code must know to run them. */
export const modelCardSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  version: z.string().min(1),
  /** What it finds, for whom, and what it is bad at: one or two sentences each. */
  purpose: z.string().min(1),
  limits: z.string().min(1),
  source: z.string().min(1),
  licence: z.string().min(1),
  /** False when the licence of the weights is unclear: such a model must be named to be used. */
  licenceClear: z.boolean(),
  /** SHA-256 of the ONNX file, hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  family: outputFamilySchema,
  input: modelInputSchema,
  /** Output tensor names by role; the roles of each family are listed in the docs. */
  outputs: z.record(z.string(), z.string()),
  /** Class names in output order. An empty string marks an index that is not used. */
  classes: z.array(z.string()).default([]),
  /** Score below which a detection is dropped unless the caller says otherwise, 0..1. */
  threshold: z.number().min(0).max(1),
  /** IoU above which two detections of one class are the same thing. */
  nms: z.number().min(0).max(1).default(0.5),
  /** Family-specific constants: anchors, strides, alphabet file; see the family's docstring. */
  parameters: z.record(z.string(), z.json()).default({}),
});
export type ModelCard = z.infer<typeof modelCardSchema>;
