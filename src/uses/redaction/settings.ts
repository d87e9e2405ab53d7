import type { PixelBox } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Seconds } from '../../core/time.ts';
import { checkStyle, findProfile, knownClasses, type Profile } from './profile.ts';
import type { ReasonTable } from './reasons.ts';
import type { RedactionStyle } from './styles.ts';

/** A moment to a later moment, both included. */
export interface TimeSpan {
  readonly start: Seconds;
  readonly end: Seconds;
}

/** A box that a person asked for, at one place for a time. */
export interface FixedBox {
  readonly box: PixelBox;
  /** Whole file when absent. */
  readonly span?: TimeSpan;
}

/** Everything a person may ask of a redaction. Plain data: it crosses to the worker process. */
export interface RedactionSettings {
  readonly profile: string;
  /** Classes to cover instead of the profile's. */
  readonly classes?: readonly string[];
  /** Style by class; `default` for the others. */
  readonly styles?: Readonly<Record<string, RedactionStyle>>;
  /** What is written on a mask. */
  readonly label?: 'none' | 'class' | 'reason';
  readonly reasons?: ReasonTable;
  readonly text?: 'all' | 'sensitive';
  /** Words and phrases that make a line of text sensitive. */
  readonly words?: readonly string[];
  /** Regular expressions that make a line of text sensitive. */
  readonly patterns?: readonly string[];
  /** Regions or subjects (`person-2`) left visible. */
  readonly keep?: readonly string[];
  /** Regions or subjects covered while all others stay visible. */
  readonly only?: readonly string[];
  readonly spans?: readonly TimeSpan[];
  readonly zones?: readonly PixelBox[];
  readonly boxes?: readonly FixedBox[];
  /** Hide everything outside these boxes. */
  readonly keepOnly?: readonly PixelBox[];
  readonly audio?:
    | { readonly mode: 'keep' | 'mute' | 'drop' }
    | { readonly mode: 'spans'; readonly spans: readonly TimeSpan[]; readonly style: 'mute' | 'bleep' };
  /** Container tags carried over by name. */
  readonly keepMetadata?: readonly string[];
  /** Go on where video is damaged, with the damaged frames blank. */
  readonly allowDamage?: boolean;
  /** Registered detectors to run besides the profile's own. */
  readonly models?: readonly string[];
  readonly output?: {
    readonly videoCodec?: 'h264' | 'h265';
    readonly crf?: number;
    readonly preset?: string;
    readonly quality?: number;
  };
}

/**
 * The profile of the settings, after checking that they do not ask for what it refuses.
 * @param found classes of the registered models, once these are known; until then classes may be theirs.
 * @throws TidewaiterError `E_PROFILE`, `E_STYLE_REVERSIBLE`, `E_OPTION`.
 */
export function checkedProfile(settings: RedactionSettings, found?: readonly string[]): Profile {
  const profile = findProfile(settings.profile);
  for (const style of Object.values(settings.styles ?? {})) checkStyle(profile, style);
  if (settings.label === 'reason' && settings.reasons === undefined) {
    throw new TidewaiterError(
      'E_OPTION',
      'Reasons cannot be drawn on the masks without a table of reasons',
      'Add --reasons foia-us or a table of your own.',
    );
  }
  if (found !== undefined || (settings.models ?? []).length === 0) checkClasses(settings, found ?? []);
  return profile;
}

/** A class that nothing finds would leave uncovered, unnoticed, what was meant. */
function checkClasses(settings: RedactionSettings, found: readonly string[]): void {
  const known = new Set([...knownClasses, ...found]);
  const styled = Object.keys(settings.styles ?? {});
  const notClasses = new Set(['default', 'box', 'outside']);
  const missing = [...(settings.classes ?? []), ...styled.filter((name) => !notClasses.has(name))].find(
    (name) => !known.has(name),
  );
  if (missing === undefined) return;
  throw new TidewaiterError(
    'E_OPTION',
    `Nothing finds a class called ${missing}`,
    `Use ${[...known].join(', ')}.`,
  );
}

/** The style of a class under these settings. */
export function styleOf(settings: RedactionSettings, profile: Profile, regionClass: string): RedactionStyle {
  return settings.styles?.[regionClass] ?? settings.styles?.['default'] ?? profile.style;
}
