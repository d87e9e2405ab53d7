import type { Progress } from '../core/progress.ts';
import type { Seconds } from '../core/time.ts';
import type { Pace } from './speedometer.ts';

const widestBar = 40;
const narrowestBar = 8;

/** `1:09` or `2:03:09`. */
function shortTime(time: Seconds): string {
  const seconds = Math.ceil(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(Math.floor(seconds % 60))}`;
}

/** What is done, how fast, and how long it will take: the parts that are known, most wanted first. */
function facts({ done, total, unit, at }: Progress, pace: Pace): string[] {
  const share = total === undefined || total === 0 ? [] : [`${Math.floor((100 * done) / total)} %`];
  const count = total === undefined ? `${done} ${unit}` : `${done}/${total} ${unit}`;
  const reached = total === undefined && at !== undefined ? [`at ${shortTime(Math.max(0, at))}`] : [];
  const left = pace.left === undefined ? [] : [`${shortTime(pace.left)} left`];
  const speed = pace.perSecond === undefined ? [] : [`${pace.perSecond.toFixed(1)} ${unit}/s`];
  return [...share, count, ...reached, ...speed, ...left];
}

/** One line of plain text, for logs. */
export function progressText(progress: Progress, pace: Pace): string {
  return `${progress.stage}: ${facts(progress, pace).join(', ')}`;
}

/** One line with a bar, never longer than `width` characters. */
export function progressBar(progress: Progress, pace: Pace, width: number): string {
  const { stage, done, total } = progress;
  const told = facts(progress, pace).join('  ');
  const room = Math.min(widestBar, width - stage.length - told.length - 6);
  if (total === undefined || total === 0 || room < narrowestBar) {
    return `${stage}  ${told}`.slice(0, Math.max(0, width));
  }
  const filled = Math.min(room, Math.floor((room * done) / total));
  return `${stage}  [${'#'.repeat(filled)}${'.'.repeat(room - filled)}]  ${told}`;
}
