import type { PixelBox } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Seconds } from '../../core/time.ts';
import { readOptionFile } from '../../host/engine-options.ts';
import type { FixedBox, TimeSpan } from './settings.ts';

/** `12`, `12.5`, `1:02.5`, `1:02:03` as seconds, or undefined. */
function seconds(text: string): Seconds | undefined {
  if (!/^(\d+:){0,2}\d+(\.\d+)?$/.test(text)) return undefined;
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/**
 * `0:10-0:20` or `10-20`.
 * @throws TidewaiterError `E_OPTION`.
 */
export function parseSpan(text: string, flag: string): TimeSpan {
  const [from, to, ...rest] = text.split('-');
  const start = seconds(from ?? '');
  const end = seconds(to ?? '');
  if (start !== undefined && end !== undefined && rest.length === 0 && end >= start) return { start, end };
  throw new TidewaiterError(
    'E_OPTION',
    `${flag} ${text} is not a span of time`,
    'Write it as from-to, for example 0:10-0:25 or 10-25.5 (seconds).',
  );
}

/**
 * `x,y,width,height` in pixels as displayed.
 * @throws TidewaiterError `E_OPTION`.
 */
export function parseBox(text: string, flag: string): PixelBox {
  const [x, y, width, height, ...rest] = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (
    x !== undefined &&
    y !== undefined &&
    width !== undefined &&
    height !== undefined &&
    rest.length === 0 &&
    [x, y, width, height].every(Number.isFinite) &&
    width > 0 &&
    height > 0
  ) {
    return { x, y, width, height };
  }
  throw new TidewaiterError(
    'E_OPTION',
    `${flag} ${text} is not a box`,
    'Write it as x,y,width,height in pixels, for example 100,50,320,200.',
  );
}

/** `x,y,width,height` or `x,y,width,height@from-to`. */
export function parseFixedBox(text: string, flag: string): FixedBox {
  const at = text.indexOf('@');
  if (at === -1) return { box: parseBox(text, flag) };
  return { box: parseBox(text.slice(0, at), flag), span: parseSpan(text.slice(at + 1), flag) };
}

/** `face=blur` pairs; a value without a class is the default. */
export function parsePairs(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      return at === -1 ? ['default', value] : [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}

/** Comma-separated names. */
export function parseNames(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .flatMap((name) => (name.trim() === '' ? [] : name.trim()));
}

/** Lines of a file that an option names, without empty ones. */
export async function readLines(path: string, flag: string): Promise<string[]> {
  const text = await readOptionFile(path, flag);
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : line.trim()));
}
