import { matchAt, type SensitiveMatch } from './match.ts';

/**
 * Text on a vehicle that may be its licence plate: the whole line is four to nine capitals and digits with at least
 * one digit (or five and more digits alone), in at most three groups. Only for text inside a vehicle: elsewhere
 * signs such as GATE 12 have the same form.
 */
export function findPlates(text: string): SensitiveMatch[] {
  const line = /^\W*([A-Z0-9]+(?:[-. :]{1,2}[A-Z0-9]+){0,2})\W*$/.exec(text);
  if (line === null) return [];
  const characters = line[1]!.replaceAll(/[^A-Z0-9]/g, '');
  const digits = characters.replaceAll(/\D/g, '').length;
  const plateLike = characters.length >= 4 && characters.length <= 9 && digits >= 1;
  if (!plateLike || (digits === characters.length && digits < 5)) return [];
  const start = line[0].indexOf(line[1]!);
  return [matchAt(text, 'plate', start, start + line[1]!.length, 'format')];
}
