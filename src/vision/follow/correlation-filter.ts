import { gridSide } from './features.ts';
import { emptySpectrum, Fourier, type Spectrum } from './fourier.ts';

const fourier = new Fourier(gridSide);
const cells = gridSide * gridSide;
/** Keeps what hardly occurs in the patch from being amplified. */
const REGULARISATION = 0.01;
/** Deviation of the wanted answer, cells. */
const SPREAD = 1.6;

const wanted = wantedAnswer();

/**
 * A filter that answers with a peak where a patch holds what it has learnt: discriminative correlation over several
 * channels, in closed form (D. S. Bolme et al., CVPR 2010; M. Danelljan et al., BMVC 2014).
 */
export class CorrelationFilter {
  readonly #numerators: Spectrum[];
  readonly #denominator = new Float64Array(cells);

  constructor(features: readonly Float64Array[]) {
    this.#numerators = features.map(() => emptySpectrum(gridSide));
    this.learn(features, 1);
  }

  /** Takes in a patch that holds the thing in its middle. @param rate 0..1, weight of the new. */
  learn(features: readonly Float64Array[], rate: number): void {
    const spectra = features.map(spectrumOf);
    for (let at = 0; at < cells; at++) {
      let energy = 0;
      const [wantedRe, wantedIm] = [wanted.re[at]!, wanted.im[at]!];
      for (const [index, { re, im }] of spectra.entries()) {
        const numerator = this.#numerators[index]!;
        const [real, imaginary] = [re[at]!, im[at]!];
        energy += real ** 2 + imaginary ** 2;
        numerator.re[at] = mix(numerator.re[at]!, real * wantedRe + imaginary * wantedIm, rate);
        numerator.im[at] = mix(numerator.im[at]!, real * wantedIm - imaginary * wantedRe, rate);
      }
      this.#denominator[at] = mix(this.#denominator[at]!, energy, rate);
    }
  }

  /** @returns about 1 in the middle of a patch that was learnt, one value for each cell. */
  answer(features: readonly Float64Array[]): Float64Array {
    const sum = emptySpectrum(gridSide);
    for (const [index, channel] of features.entries()) {
      const { re, im } = spectrumOf(channel);
      const numerator = this.#numerators[index]!;
      for (let at = 0; at < cells; at++) {
        sum.re[at]! += numerator.re[at]! * re[at]! - numerator.im[at]! * im[at]!;
        sum.im[at]! += numerator.re[at]! * im[at]! + numerator.im[at]! * re[at]!;
      }
    }
    for (let at = 0; at < cells; at++) {
      const share = 1 / (this.#denominator[at]! + REGULARISATION * cells);
      sum.re[at]! *= share;
      sum.im[at]! *= share;
    }
    fourier.inverse(sum);
    return sum.re;
  }
}

function spectrumOf(channel: Float64Array): Spectrum {
  const spectrum = { re: Float64Array.from(channel), im: new Float64Array(cells) };
  fourier.forward(spectrum);
  return spectrum;
}

function mix(before: number, now: number, rate: number): number {
  return before + (now - before) * rate;
}

function wantedAnswer(): Spectrum {
  const answer = emptySpectrum(gridSide);
  const middle = gridSide / 2;
  for (let row = 0; row < gridSide; row++)
    for (let column = 0; column < gridSide; column++)
      answer.re[row * gridSide + column] = Math.exp(
        -((row - middle) ** 2 + (column - middle) ** 2) / (2 * SPREAD ** 2),
      );
  fourier.forward(answer);
  return answer;
}
