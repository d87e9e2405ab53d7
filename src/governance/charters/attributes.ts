/**
 * What DHS Policy Statement 139-06 and Directive 139-08 name as characteristics that must not be considered
 * inappropriately. For most of them no exception exists here; law itself turns on some, see {@link lawTurnsOn}.
 */
export const protectedAttributes = [
  'race',
  'ethnicity',
  'national-origin',
  'religion',
  'sex',
  'gender-identity',
  'sexual-orientation',
  'medical-condition',
  'disability',
  'nationality',
  'age',
] as const;

export type ProtectedAttribute = (typeof protectedAttributes)[number];

/** Those that a law may make a condition: allowed with a named legal basis, an end, and the sign-off of CRCL. */
export const lawTurnsOn: readonly ProtectedAttribute[] = ['nationality', 'age'];
