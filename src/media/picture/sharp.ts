import sharp, { type Sharp, type SharpInput } from 'sharp';
import { truncated, unreadable } from './info.ts';

// Pictures are opened one at a time, in a process that has models to run: no cache of decoded tiles, no extra threads.
sharp.cache(false);
sharp.concurrency(1);

/** Reads strictly: a decoder that reports damage must not hand out what it could save. */
export function openSharp(input: SharpInput, pixels: number): Sharp {
  return sharp(input, { failOn: 'error', limitInputPixels: pixels, sequentialRead: true });
}

/** Words of libvips and the codecs below it for a file that ends too early. */
const endWords =
  /premature end|truncat|end of (file|stream|image)|bad seek|outside of file|read error|not enough data/i;

/** Says which of the two things happened when sharp gave up on a file. */
export function readError(path: string, error: unknown): Error {
  const text = (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 2).join('; ');
  return endWords.test(text) ? truncated(path, text, error) : unreadable(path, text, error);
}

export { sharp };
