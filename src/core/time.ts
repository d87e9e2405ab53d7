/** A moment or a length of time in seconds. Media times start at the stream's own zero and may be negative. */
export type Seconds = number;

/** The unit of a stream's timestamps: `num / den` seconds per tick. */
export interface TimeBase {
  readonly num: number;
  readonly den: number;
}

export function ticksToSeconds(ticks: bigint | number, base: TimeBase): Seconds {
  return (Number(ticks) * base.num) / base.den;
}

/** `h:mm:ss.mmm`, for people. */
export function formatTime(time: Seconds): string {
  const milliseconds = Math.round(Math.abs(time) * 1000);
  const sign = time < 0 && milliseconds > 0 ? '-' : '';
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const seconds = Math.floor(milliseconds / 1000) % 60;
  return `${sign}${hours}:${two(minutes)}:${two(seconds)}.${String(milliseconds % 1000).padStart(3, '0')}`;
}
