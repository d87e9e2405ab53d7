import { TidewaiterError } from '../../core/errors.ts';
import type { Effort } from '../../vision/effort.ts';
import { usualMargins, type PeopleMargins } from './heads.ts';
import { exposingStyles, type RedactionStyle } from './styles.ts';

/** Classes that a redaction profile can cover. */
export const redactableClasses = [
  'face',
  'head',
  'person',
  'vehicle',
  'plate',
  'screen',
  'text',
  'code',
] as const;
export type RedactableClass = (typeof redactableClasses)[number] | (string & {});

/** What is covered and what survives, by name. */
export interface Profile {
  readonly name: string;
  readonly summary: string;
  readonly effort: Effort;
  readonly margins: PeopleMargins;
  /** Classes whose regions are redacted; others are proposed as visible. */
  readonly classes: readonly RedactableClass[];
  /** `all` covers every line of text; `sensitive` only what matched a pattern or a word list. */
  readonly text: 'all' | 'sensitive';
  readonly style: RedactionStyle;
  /** Whether styles that can be undone may be chosen. */
  readonly allowReversible: boolean;
  readonly audio: 'keep' | 'mute';
  /** Whether somebody who edited nothing must approve a review before anything is rendered from it. */
  readonly secondPerson: boolean;
}

/** Every class that is known without registered models. Documents are found by such models only, but profiles know them. */
export const knownClasses: readonly string[] = [...redactableClasses, 'bag', 'document'];

const everything: readonly RedactableClass[] = [
  'face',
  'head',
  'plate',
  'screen',
  'text',
  'code',
  'document',
];

/** Where a face that is missed costs more than a mask that is too large. */
const generousMargins: PeopleMargins = { face: [2, 2], head: 1.6, standsIn: 0.75 };

const profiles: readonly Profile[] = [
  {
    name: 'fast',
    summary: 'Faces and heads; the quickest look, for drafts and triage.',
    effort: 'fast',
    margins: { face: [1.4, 1.35], head: 1.4, standsIn: 0.5 },
    classes: ['face', 'head'],
    text: 'all',
    style: 'solid',
    allowReversible: true,
    audio: 'keep',
    secondPerson: false,
  },
  {
    name: 'standard',
    summary: 'Faces, heads, plates, screens, text and codes.',
    effort: 'standard',
    margins: usualMargins,
    classes: everything,
    text: 'all',
    style: 'solid',
    allowReversible: true,
    audio: 'keep',
    secondPerson: false,
  },
  {
    name: 'thorough',
    summary: 'As standard, with small objects looked for everywhere.',
    effort: 'thorough',
    margins: generousMargins,
    classes: everything,
    text: 'all',
    style: 'solid',
    allowReversible: true,
    audio: 'keep',
    secondPerson: false,
  },
  {
    name: 'public-release',
    summary: 'As thorough; sound muted, styles that can be undone refused.',
    effort: 'thorough',
    margins: generousMargins,
    classes: everything,
    text: 'all',
    style: 'solid',
    allowReversible: false,
    audio: 'mute',
    secondPerson: true,
  },
];

export const profileNames: readonly string[] = profiles.map((profile) => profile.name);

/** @throws TidewaiterError `E_PROFILE`. */
export function findProfile(name: string): Profile {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw new TidewaiterError(
    'E_PROFILE',
    `There is no profile called ${name}`,
    `Choose one of ${profileNames.join(', ')}.`,
  );
}

/**
 * Refuses a style that the profile does not allow.
 * @throws TidewaiterError `E_STYLE_REVERSIBLE`.
 */
export function checkStyle(profile: Profile, style: RedactionStyle): void {
  if (profile.allowReversible || !exposingStyles.has(style)) return;
  throw new TidewaiterError(
    'E_STYLE_REVERSIBLE',
    style === 'outline'
      ? `Style outline hides nothing, and profile ${profile.name} is for release`
      : `Style ${style} is cosmetic and reversible, and profile ${profile.name} is for release`,
    'Use solid, pixelate or blur.',
  );
}
