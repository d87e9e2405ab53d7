import { t } from '../text/en.ts';

const locale = t.locale;
const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });

const momentsIn = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than using it, and a table has hundreds of moments. */
function momentIn(timeZone: string | undefined, seconds: boolean): Intl.DateTimeFormat {
  const key = `${timeZone} ${seconds}`;
  const made =
    momentsIn.get(key) ??
    new Intl.DateTimeFormat(locale, {
      ...{ timeZoneName: 'short', year: 'numeric', month: 'short', day: 'numeric' },
      ...{ hour: 'numeric', minute: '2-digit' },
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(seconds ? { second: '2-digit' } : {}),
    });
  momentsIn.set(key, made);
  return made;
}

export const showNumber = (value: number): string => number.format(value);
/** As {@link showNumber}, but what is small is not shown as none. */
export const showRate = (value: number): string =>
  Math.abs(value) < 0.1 ? small.format(value) : showNumber(value);
export const showPercent = (share: number): string => percent.format(share);
/** How much of a whole: what is not all is never shown as 100%, and what is not nothing never as 0%. */
export function showPart(share: number): string {
  return finePercent.format(share <= 0 || share >= 1 ? share : Math.min(0.999, Math.max(0.001, share)));
}
/** In the time zone of whoever looks. */
export const showMoment = (iso: string): string => moment.format(new Date(iso));
/** In a time zone, which is named: `Nov 22, 2026, 9:45 PM MST`. @param timeZone an IANA name; that of whoever looks without it. */
export function showMomentAt(iso: string, timeZone?: string): string {
  return momentIn(timeZone, false).format(new Date(iso));
}
/** As {@link showMomentAt}, to the second: two things of one minute can be told apart. */
export function showSecondAt(iso: string, timeZone?: string): string {
  return momentIn(timeZone, true).format(new Date(iso));
}
export const showDay = (iso: string): string => day.format(new Date(iso));

export function showBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${number.format(bytes / 1000 ** power)} ${units[power]}`;
}

/** Of seconds: the two largest units. */
export function showDuration(seconds: number): string {
  const { day: d, hour: h, minute: m, second: s } = t.units;
  const whole = Math.round(seconds);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), d],
    [Math.floor(whole / 3600) % 24, h],
    [Math.floor(whole / 60) % 60, m],
    [whole % 60, s],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `${showNumber(seconds)} ${s}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** A moment as a field of a form wants its day; nothing for none. */
export function dayOf(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** A day given as due lasts until its end, where the person sits. */
export function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}

/** A day on which something came in: its noon, which is the same day at most places. */
export function noonOf(day: string): string {
  return new Date(`${day}T12:00:00`).toISOString();
}
