import { t } from '../../../../../web/text/en.ts';

const DAY_MS = 86_400_000;

/** The time of day at a site, to the second. */
export function timeAt(moment: string, timeZone: string): string {
  return new Intl.DateTimeFormat(t.locale, { timeZone, timeStyle: 'medium', hourCycle: 'h23' }).format(
    new Date(moment),
  );
}

/** A day as people write it. */
export function showDayOf(day: string): string {
  return new Intl.DateTimeFormat(t.locale, { timeZone: 'UTC', dateStyle: 'full' }).format(new Date(day));
}

/**
 * When it is a time of day at a site, milliseconds since 1970. Of an hour that comes twice the first is meant.
 * @param day such as `2026-11-23`. @param time such as `22:05` or `22:05:10`.
 */
export function momentOf(day: string, time: string, timeZone: string): number {
  const wanted = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
  // What a clock there shows, read as UTC, is off by the zone's distance; near a change that distance is another one.
  const first = wanted - distance(wanted - DAY_MS / 2, timeZone);
  return first + distance(first, timeZone) === wanted ? first : wanted - distance(wanted, timeZone);
}

/** From its midnight to the next. */
export function boundsOf(day: string, timeZone: string): { readonly from: string; readonly to: string } {
  const next = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  const at = (one: string): string => new Date(momentOf(one, '00:00', timeZone)).toISOString();
  return { from: at(day), to: at(next) };
}

/** Milliseconds by which a clock at the site is ahead of UTC. */
function distance(moment: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(new Date(moment));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const shown = `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}Z`;
  return Date.parse(shown) - Math.floor(moment / 1000) * 1000;
}
