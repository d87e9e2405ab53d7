import { cocoSsdlite } from './builtin/coco.ts';
import { mediapipeFace } from './builtin/face.ts';
import { retinafaceMnet } from './builtin/retinaface.ts';
import { ppocrDetection, ppocrRecognition } from './builtin/text.ts';
import { ultraface } from './builtin/ultraface.ts';
import { cocoSsdliteInt8, ppocrDetectionInt8 } from './builtin/whole-numbers.ts';
import type { BuiltInModel } from './built-in.ts';

/** Every model that Tidewaiter knows by itself. */
export const builtInModels: readonly BuiltInModel[] = [
  cocoSsdlite,
  cocoSsdliteInt8,
  mediapipeFace,
  ultraface,
  ppocrDetection,
  ppocrDetectionInt8,
  ppocrRecognition,
  retinafaceMnet,
];
