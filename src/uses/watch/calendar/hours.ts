import { scheduleAt, type Calendar, type ScheduleState } from './calendar.ts';

const dayMs = 86_400_000;

/** The hours of a site that is watched: they may change, and it is noticed when they begin to ask for quiet. */
export class Hours {
  #calendar: Calendar;
  #known = { armed: true, from: 0, to: 0 };

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  /** Other hours, from the next moment on. */
  keepTo(calendar: Calendar): void {
    if (calendar === this.#calendar) return;
    this.#calendar = calendar;
    this.#known = { ...this.#known, to: 0 };
  }

  /** @param instant milliseconds since 1970. */
  stateAt(instant: number): ScheduleState {
    return scheduleAt(this.#calendar, instant);
  }

  /**
   * Asked at each moment; reads the calendar only when that may matter.
   * @returns true at the first moment at which the site should be quiet after one at which it was open.
   */
  beginAt(instant: number): boolean {
    const { armed: before, from, to } = this.#known;
    if (instant >= from && instant < to) return false;
    const { armed, until } = this.stateAt(instant);
    const later = this.#calendar.overrides.map((one) => one.from).filter((start) => start > instant);
    this.#known = { armed, from: instant, to: Math.min(until ?? instant + dayMs, ...later) };
    return armed && !before;
  }
}
