import { modelCardSchema } from '../card.ts';
import { convertFullRangeFace } from '../convert/full-range-face.ts';
import type { BuiltInModel } from '../built-in.ts';

export const mediapipeFace: BuiltInModel = {
  card: modelCardSchema.parse({
    id: 'mediapipe-face-full',
    version: '0.4.1657300184',
    purpose: 'Finds faces at up to five metres from the camera, with six landmarks each.',
    limits:
      'Misses faces smaller than about a twelfth of the picture it is shown, and many seen from the side.',
    source: 'npm @mediapipe/face_detection, face_detection_full_range.tflite',
    licence: 'Apache-2.0',
    licenceClear: true,
    digest: 'a0ae87d70a27a2705404089feeffd619b17ec6f7eb1e9c7e1f1994842868c624',
    family: 'blazeface',
    input: {
      name: 'image',
      width: 192,
      height: 192,
      layout: 'NCHW',
      channels: 'RGB',
      scale: 1,
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      fit: 'letterbox',
    },
    outputs: { regressors: 'regressors', logits: 'logits' },
    classes: ['face'],
    threshold: 0.5,
    nms: 0.3,
    parameters: { grids: [[48, 1]] },
  }),
  package: { name: '@mediapipe/face_detection', version: '0.4.1657300184' },
  file: 'face_detection_full_range.tflite',
  convert: convertFullRangeFace,
};
