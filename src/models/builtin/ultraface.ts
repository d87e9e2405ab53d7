import { modelCardSchema } from '../card.ts';
import type { BuiltInModel } from '../built-in.ts';

/** Only this one file of the package is ever read. */
export const ultraface: BuiltInModel = {
  card: modelCardSchema.parse({
    id: 'ultraface-rfb-320',
    version: '0.0.1',
    purpose: 'Finds faces down to about eight pixels of the 320x240 picture it is shown.',
    limits: 'Misses many faces that are turned by more than about 30 degrees in the plane of the picture.',
    source:
      'npm faceplugin-face-recognition-js, fr_detect.onnx: Ultra-Light-Fast-Generic-Face-Detector, RFB-320',
    licence: 'MIT (package, and the project that trained it)',
    licenceClear: true,
    digest: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
    family: 'ssd-boxes',
    input: {
      name: 'input',
      width: 320,
      height: 240,
      layout: 'NCHW',
      channels: 'RGB',
      scale: 1,
      mean: [127, 127, 127],
      std: [128, 128, 128],
      fit: 'stretch',
    },
    outputs: { boxes: 'boxes', scores: 'scores' },
    classes: ['', 'face'],
    threshold: 0.7,
    nms: 0.3,
    parameters: { order: 'xyxy' },
  }),
  package: { name: 'faceplugin-face-recognition-js', version: '0.0.1' },
  file: 'model/fr_detect.onnx',
};
