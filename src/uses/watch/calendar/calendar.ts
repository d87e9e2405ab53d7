import { sunOn, type Location } from './sun.ts';
import { dateText, daysLater, instantOf, localDate, weekdayOf, type LocalDate } from './zone-time.ts';

/** A time of day: minutes since midnight on the wall clock, or minutes after the sun rises or sets. */
export type TimeOfDay =
  | { readonly kind: 'clock'; readonly minutes: number }
  | { readonly kind: 'sunrise' | 'sunset'; readonly offset: number };

/** Hours in which a site is open. One that ends before it starts goes on into the next day. */
export interface Period {
  readonly from: TimeOfDay;
  readonly to: TimeOfDay;
}

/** Somebody's decision that the calendar does not count for a while. */
export interface Override {
  readonly state: 'armed' | 'disarmed';
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Absent: until somebody ends it. */
  readonly to?: number;
  readonly reason: string;
}

/** When a site is open, by its own clocks. */
export interface Calendar {
  /** IANA name. */
  readonly timeZone: string;
  /** Needed for sunrise and sunset. */
  readonly location?: Location;
  /** Monday to Sunday. */
  readonly week: readonly (readonly Period[])[];
  /** Closed all day. */
  readonly holidays: readonly { readonly date: string; readonly name: string }[];
  /** Days with hours of their own; they win over the week and over holidays. */
  readonly exceptions: readonly {
    readonly date: string;
    readonly open: readonly Period[];
    readonly reason: string;
  }[];
  /** Minutes before opening and after closing in which people may come and go. */
  readonly graceBefore: number;
  readonly graceAfter: number;
  readonly overrides: readonly Override[];
}

/** Whether a site should be quiet at a moment, and why. */
export interface ScheduleState {
  /** True when people and vehicles are not expected. */
  readonly armed: boolean;
  readonly why: 'open' | 'grace' | 'closed' | 'holiday' | 'armed by hand' | 'disarmed by hand';
  /** Name of the holiday, reason of the override or exception. */
  readonly detail?: string;
  /** When this state ends by the calendar, milliseconds since 1970; absent beyond eight days. */
  readonly until?: number;
}

interface Open {
  readonly from: number;
  readonly to: number;
  readonly detail?: string;
}

const minuteMs = 60_000;
/** Days around a moment whose hours may matter: a night before, and what is shown of the time to come. */
const daysBack = 2;
const daysAhead = 8;

/** @param instant milliseconds since 1970. */
export function scheduleAt(calendar: Calendar, instant: number): ScheduleState {
  const override = calendar.overrides.findLast(
    ({ from, to }) => from <= instant && (to === undefined || instant < to),
  );
  if (override !== undefined) {
    return {
      armed: override.state === 'armed',
      why: override.state === 'armed' ? 'armed by hand' : 'disarmed by hand',
      detail: override.reason,
      ...(override.to === undefined ? {} : { until: override.to }),
    };
  }
  const today = localDate(instant, calendar.timeZone);
  const hours = Array.from({ length: daysBack + daysAhead + 1 }, (_, day) =>
    hoursOf(calendar, daysLater(today, day - daysBack)),
  ).flat();
  const open = hours.filter(({ from, to }) => from <= instant && instant < to);
  const widened = joined(
    hours.map(({ from, to }) => ({
      from: from - calendar.graceBefore * minuteMs,
      to: to + calendar.graceAfter * minuteMs,
    })),
  );
  const around = widened.find(({ from, to }) => from <= instant && instant < to);
  if (around !== undefined) {
    const detail = open.find((period) => period.detail !== undefined)?.detail;
    return {
      armed: false,
      why: open.length > 0 ? 'open' : 'grace',
      ...(detail === undefined ? {} : { detail }),
      until: around.to,
    };
  }
  const next = widened.find(({ from }) => from > instant);
  const holiday = calendar.holidays.find(({ date }) => date === dateText(today));
  return {
    armed: true,
    why: holiday === undefined ? 'closed' : 'holiday',
    ...(holiday === undefined ? {} : { detail: holiday.name }),
    ...(next === undefined ? {} : { until: next.from }),
  };
}

/** The hours that begin on a day, as instants. */
function hoursOf(calendar: Calendar, date: LocalDate): Open[] {
  const text = dateText(date);
  const exception = calendar.exceptions.find((entry) => entry.date === text);
  const isHoliday = calendar.holidays.some((holiday) => holiday.date === text);
  const periods = exception?.open ?? (isHoliday ? [] : (calendar.week[weekdayOf(date)] ?? []));
  return periods.flatMap((period) => {
    const from = edge(calendar, date, period.from);
    const sameDay = edge(calendar, date, period.to);
    if (from === 'never' || sameDay === 'never') return [];
    const to = sameDay > from ? sameDay : edge(calendar, daysLater(date, 1), period.to);
    if (to === 'never') return [];
    return [{ from, to, ...(exception === undefined ? {} : { detail: exception.reason }) }];
  });
}

/** In a polar night there is no daylight to be open in; on a polar day the sun rises at one midnight and sets at the next. */
function edge(calendar: Calendar, date: LocalDate, time: TimeOfDay): number | 'never' {
  const { timeZone, location } = calendar;
  if (time.kind === 'clock') return instantOf(date, time.minutes, timeZone);
  if (location === undefined) throw new RangeError('sunrise and sunset need a location');
  const sun = sunOn(date, location, timeZone);
  if (sun.kind === 'polar-night') return 'never';
  if (sun.kind === 'polar-day') return instantOf(date, time.kind === 'sunrise' ? 0 : 24 * 60, timeZone);
  return sun[time.kind] + time.offset * minuteMs;
}

/** The same spans, in order, those that meet made one. */
function joined(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}
