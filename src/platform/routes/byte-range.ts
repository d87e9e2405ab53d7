import { TidewaiterError } from '../../core/errors.ts';

/** Bytes `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a Range header asks for (RFC 9110, 14.2). Several ranges at once, and units other than bytes, are answered with the whole,
 * as the standard allows.
 * @returns undefined for the whole.
 * @throws TidewaiterError `E_VAULT_RANGE` for a range that begins beyond the end.
 */
export function byteRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start < end) return { start, end };
  throw new TidewaiterError(
    'E_VAULT_RANGE',
    `The range begins beyond the end: there are ${bytes} bytes`,
    'Ask for bytes that are there.',
  );
}
