import type { TextInk } from '../../report/text-ink.ts';

/** Ways to cut the one font that is always there: what is written in the world is seldom in one typeface. */
export type LetterCut = 'plain' | 'light' | 'heavy' | 'slanted' | 'stencil';

export const letterCuts: readonly LetterCut[] = ['plain', 'light', 'heavy', 'slanted', 'stencil'];

/** The ink of a line in another cut. @param capital height of a capital letter in pixels. */
export function cutInk(ink: TextInk, cut: LetterCut, capital: number): TextInk {
  const reach = Math.max(1, Math.round(capital / 20));
  switch (cut) {
    case 'plain':
      return ink;
    case 'heavy':
      return spread(ink, reach, Math.max, 0);
    case 'light':
      return spread(ink, reach, Math.min, 255);
    case 'slanted':
      return slanted(ink);
    case 'stencil':
      return stencil(ink, reach);
  }
}

/** The largest or smallest value of each pixel and of those up to `reach` to its right. */
function spread(ink: TextInk, reach: number, pick: (a: number, b: number) => number, start: number): TextInk {
  const data = new Uint8Array(ink.data.length);
  for (let y = 0; y < ink.height; y++) {
    for (let x = 0; x < ink.width; x++) {
      let value = start;
      for (let i = x; i <= Math.min(x + reach, ink.width - 1); i++)
        value = pick(value, ink.data[y * ink.width + i]!);
      data[y * ink.width + x] = value;
    }
  }
  return { ...ink, data };
}

/** Leans to the right by a fifth of the height; the line grows by as much. */
function slanted(ink: TextInk): TextInk {
  const lean = Math.round(ink.height / 5);
  const width = ink.width + lean;
  const data = new Uint8Array(width * ink.height);
  for (let y = 0; y < ink.height; y++) {
    const shift = Math.round(lean * (1 - y / ink.height));
    data.set(ink.data.subarray(y * ink.width, (y + 1) * ink.width), y * width + shift);
  }
  return { width, height: ink.height, data };
}

/** Letters with a gap across their middle, as sprayed on crates. */
function stencil(ink: TextInk, reach: number): TextInk {
  const data = new Uint8Array(ink.data);
  const middle = Math.round(ink.height * 0.42);
  data.fill(0, middle * ink.width, (middle + reach) * ink.width);
  return { ...ink, data };
}
