import { modelCardSchema } from '../card.ts';
import { withSymbolicSize } from '../convert/symbolic-size.ts';
import type { BuiltInModel } from '../built-in.ts';

const roles = { prob: 'cls_prob_reshape', bbox: 'bbox_pred', landmarks: 'landmark_pred' };

const outputs = Object.fromEntries(
  [32, 16, 8].flatMap((stride) =>
    Object.entries(roles).map(([role, tensor]) => [`${role}${stride}`, `face_rpn_${tensor}_stride${stride}`]),
  ),
);

/** Not a dependency: its user decides whether the terms of the weights fit and installs the package. */
export const retinafaceMnet: BuiltInModel = {
  card: modelCardSchema.parse({
    id: 'retinaface-mnet25',
    version: '0.0.6',
    purpose: 'Finds faces down to about ten pixels in photographs and video, with five landmarks each.',
    limits: 'Below a threshold of 0.6 it reports things twice.',
    source: 'npm retinaface, mnet.25_v1.onnx; file names and layers are those of InsightFace',
    licence: 'MIT (package); InsightFace publishes its weights for non-commercial research',
    licenceClear: false,
    digest: 'db7e43d9a87fd51614d77a725e1a07b843093b27afbacb73f2870bbdd2086ebe',
    family: 'retinaface',
    input: {
      name: 'data',
      width: 640,
      height: 480,
      dynamic: true,
      multiple: 32,
      layout: 'NCHW',
      channels: 'RGB',
      scale: 1,
      fit: 'letterbox',
    },
    outputs,
    classes: ['face'],
    threshold: 0.8,
    nms: 0.4,
  }),
  package: { name: 'retinaface', version: '0.0.6' },
  file: 'mnet.25_v1.onnx',
  convert: withSymbolicSize,
};
