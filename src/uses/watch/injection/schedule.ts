const HOUR_MS = 3_600_000;
/** Draws after which the hours of the day leave no room, as for every hour and at night only. */
const mostDraws = 500;

/** When a clip is played again and again. */
export interface Repeat {
  /** On average once in so many hours, and never sooner than after half of them. */
  readonly everyHours: number;
  /** Hours of the site's day, 0 to 23: from the first to before the second, over midnight when it is smaller. */
  readonly hours: { readonly from: number; readonly to: number } | undefined;
}

/**
 * A moment drawn evenly from half to one and a half times so many hours after `from`, so that nobody can tell when a test
 * comes. When no hour of the day in it will do, one of the days after it.
 */
export function nextPlay(
  { everyHours, hours }: Repeat,
  from: Date,
  timeZone: string,
  draw: () => number,
): Date {
  const hourOf = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' });
  const within = (at: Date): boolean => {
    if (hours === undefined) return true;
    const hour = Number(hourOf.format(at));
    return hours.from < hours.to
      ? hour >= hours.from && hour < hours.to
      : hour >= hours.from || hour < hours.to;
  };
  for (let stretch = everyHours; ; stretch += 24)
    for (let n = 0; n < mostDraws; n++) {
      const at = new Date(from.getTime() + (everyHours / 2 + draw() * stretch) * HOUR_MS);
      if (within(at)) return at;
    }
}
