import { cocoSsdlite } from './builtin/coco.ts';
import { mediapipeFace } from './builtin/face.ts';
import { retinafaceMnet } from './builtin/retinaface.ts';
import { ppocrDetection, ppocrRecognition } from './builtin/text.ts';
import { ultraface } from './builtin/ultraface.ts';
import type { BuiltInModel } from './built-in.ts';

/** Every model that Tidewaiter knows by itself. */
export const builtInModels: readonly BuiltInModel[] = [
  cocoSsdlite,
  mediapipeFace,
  ultraface,
  ppocrDetection,
  ppocrRecognition,
  retinafaceMnet,
];
