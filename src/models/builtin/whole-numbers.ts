import { readFile } from 'node:fs/promises';
import { modelCardSchema } from '../card.ts';
import { quantisationSchema, quantised } from '../convert/quantise.ts';
import { cocoSsdlite } from './coco.ts';
import { ppocrDetection } from './text.ts';
import type { BuiltInModel } from '../built-in.ts';

/** The networks that most of the time goes to, in whole numbers of 8 bits, with assets/ranges. */
export const cocoSsdliteInt8 = inWholeNumbers(
  cocoSsdlite,
  'd38862538e98917a206e97d085b1fffee9284160fd65b4090a086668475c837f',
);
export const ppocrDetectionInt8 = inWholeNumbers(
  ppocrDetection,
  'b29b0fa9d4d9c0d8dba889fad4e52ee8ab7d3e6e7b30cf312b1ae70a3140fb43',
);

function inWholeNumbers(model: BuiltInModel, digest: string): BuiltInModel {
  const { card, convert = (path) => readFile(path) } = model;
  return {
    ...model,
    card: modelCardSchema.parse({
      ...card,
      id: `${card.id}-int8`,
      purpose: `${card.purpose} In whole numbers of 8 bits, for about half the processor time of ${card.id}.`,
      digest,
    }),
    convert: async (path) => {
      const ranges = new URL(`../../../assets/ranges/${card.id}.json`, import.meta.url);
      const quantisation = quantisationSchema.parse(JSON.parse(await readFile(ranges, 'utf8')));
      return quantised(await convert(path), quantisation);
    },
  };
}
