/** A day of the calendar as `2026-11-22`, in no time zone. */
export type Day = string;

const DAY_MS = 86_400_000;

/** Fixed days of 5 U.S.C. 6103(a), as month and day. */
const fixed = [
  [1, 1],
  [6, 19],
  [7, 4],
  [11, 11],
  [12, 25],
] as const;

/** Days of 5 U.S.C. 6103(a) that are the first, third, ... (-1: last) of a weekday in a month; Sunday is 0. */
const floating = [
  [1, 1, 3],
  [2, 1, 3],
  [5, 1, -1],
  [9, 1, 1],
  [10, 1, 2],
  [11, 4, 4],
] as const;

/**
 * Legal public holidays of the United States on the days on which they are observed in a year: one that falls on a Saturday
 * on the Friday before, on a Sunday on the Monday after (5 U.S.C. 6103(b), Executive Order 11582). Inauguration Day, which
 * counts in the capital only, is left out.
 */
export function federalHolidays(year: number): Day[] {
  // New Year's Day of the next year may be observed on the last day of this one.
  const days = [year, year + 1].flatMap((one) => [
    ...fixed.map(([month, date]) => observed(Date.UTC(one, month - 1, date))),
    ...floating.map(([month, weekday, nth]) => nthWeekday(one, month - 1, weekday, nth)),
  ]);
  return days
    .map(dayOf)
    .filter((day) => day.startsWith(String(year)))
    .sort();
}

/**
 * The day that so many working days after a day end: Saturdays, Sundays and legal public holidays do not count, nor does the
 * day itself.
 */
export function addWorkingDays(day: Day, count: number): Day {
  let at = Date.parse(`${day}T00:00:00Z`);
  for (let left = count; left > 0;) {
    at += DAY_MS;
    if (isWorkingDay(at)) left -= 1;
  }
  return dayOf(at);
}

function isWorkingDay(at: number): boolean {
  const date = new Date(at);
  const weekday = date.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !federalHolidays(date.getUTCFullYear()).includes(dayOf(at));
}

function observed(at: number): number {
  const weekday = new Date(at).getUTCDay();
  return at + (weekday === 6 ? -DAY_MS : weekday === 0 ? DAY_MS : 0);
}

function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  if (nth < 0) {
    const last = Date.UTC(year, month + 1, 0);
    return last - ((new Date(last).getUTCDay() - weekday + 7) % 7) * DAY_MS;
  }
  const first = Date.UTC(year, month, 1);
  return first + (((weekday - new Date(first).getUTCDay() + 7) % 7) + 7 * (nth - 1)) * DAY_MS;
}

function dayOf(at: number): Day {
  return new Date(at).toISOString().slice(0, 10);
}
