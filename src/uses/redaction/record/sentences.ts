import { formatTime } from '../../../core/time.ts';
import type { CheckReport } from '../check/report.ts';
import type { RedactionRecord } from './schema.ts';

/** `2026-03-04 05:06:07 UTC` for a moment in ISO 8601. */
export function moment(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A threshold without what binary fractions leave behind its third digit. */
export function score(threshold: number): string {
  return String(Number(threshold.toFixed(3)));
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** What was covered, in two or three sentences. */
export function whatWasDone(record: RedactionRecord): string {
  const { source, covered, regions, limits, keepOnly } = record;
  const size = `${source.width} x ${source.height} pixels`;
  const what =
    source.kind === 'picture'
      ? `${source.file} is a picture of ${size}.`
      : `${source.file} is a video of ${size} and ${formatTime(source.duration)}; ${counted(record.frames, 'frame was', 'frames were')} written.`;
  const visible = Object.values(regions).reduce((sum, count) => sum + count.visible, 0);
  return [
    what,
    `${counted(covered.length, 'region was', 'regions were')} covered, and ${counted(visible, 'proposed region was', 'proposed regions were')} left visible.`,
    ...(limits.spans === undefined
      ? []
      : [
          `Regions were drawn only from ${limits.spans.map(([start, end]) => `${formatTime(start)} to ${formatTime(end)}`).join(', ')}.`,
        ]),
    ...(limits.zones === undefined
      ? []
      : [
          `Regions were drawn only where they meet ${counted(limits.zones.length, 'given box', 'given boxes')}.`,
        ]),
    ...(keepOnly === undefined
      ? []
      : [`Everything outside ${counted(keepOnly.boxes.length, 'box', 'boxes')} was hidden as well.`]),
  ].join(' ');
}

/** What became of the sound. */
export function soundSentence({ sound, audio, source }: RedactionRecord): string {
  if (source.kind === 'picture') return 'A picture has no sound.';
  const tracks = audio.map(({ codec, mode, note }) => `${codec}: ${note ?? mode}`).join('; ');
  const said = tracks === '' ? '' : ` (${tracks})`;
  switch (sound.mode) {
    case 'keep':
      return audio.length === 0 ? 'The source has no sound.' : `The sound was kept${said}.`;
    case 'mute':
      return audio.length === 0 ? 'The source has no sound.' : `All sound was silenced${said}.`;
    case 'drop':
      return 'All sound tracks were left out.';
    case 'spans':
      return `Sound was ${sound.style === 'mute' ? 'silenced' : 'bleeped over'} from ${sound.spans
        .map(([start, end]) => `${formatTime(start)} to ${formatTime(end)}`)
        .join(', ')}${said}.`;
  }
}

/** What a second look at the output gave, in a sentence or two. */
export function checkSentence(check: CheckReport | undefined): string {
  if (check === undefined) return 'Not checked: the output was not looked at again after it was rendered.';
  const leaks = check.findings.filter(({ level }) => level === 'leak').length;
  const doubts = check.findings.length - leaks;
  if (check.findings.length === 0) return 'Checked: nothing that should be covered was found in the output.';
  const parts = [
    ...(leaks === 0 ? [] : [`${counted(leaks, 'place')} where something may be left`]),
    ...(doubts === 0 ? [] : [`${counted(doubts, 'doubtful place')}`]),
  ].join(' and ');
  return check.status === 'needs-review'
    ? `Needs review: the check found ${parts}.`
    : `Checked: nothing was found left uncovered. The check names ${parts} worth a look.`;
}

/** Under whose permission the models ran. */
export function permitSentence(permit: RedactionRecord['permit']): string {
  if (permit === undefined)
    return 'A plan was given, so no model looked at the source in this run. The models are those of the plan.';
  if (permit.kind === 'evaluation')
    return 'The models ran under the built-in evaluation permit, which no agency issued.';
  const { id, issuer, purpose, site, expires } = permit;
  return `The models ran under permit ${id} of ${issuer}, for ${purpose} at ${site}, valid until ${moment(expires)}.`;
}
