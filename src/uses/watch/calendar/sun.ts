import { instantOf, type LocalDate } from './zone-time.ts';

/** Degrees; north and east are positive. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/** Milliseconds since 1970. */
export type SunDay =
  | { readonly kind: 'day'; readonly sunrise: number; readonly sunset: number }
  /** The sun stays up, or down, all day. */
  | { readonly kind: 'polar-day' }
  | { readonly kind: 'polar-night' };

const minuteMs = 60_000;
const dayMinutes = 24 * 60;
/** The upper edge of the sun on the horizon, refraction included: NOAA's definition of sunrise. Degrees. */
const horizonZenith = 90.833;

/**
 * Sunrise and sunset of a local day by the equations of the NOAA Solar Calculator (Global Monitoring Laboratory, "Solar
 * Calculation Details", after J. Meeus, "Astronomical Algorithms", 1991): good to a minute up to 72 degrees of latitude.
 */
export function sunOn(date: LocalDate, { latitude, longitude }: Location, timeZone: string): SunDay {
  const noon = instantOf(date, dayMinutes / 2, timeZone);
  const midday = nearest(noon, Date.UTC(date.year, date.month - 1, date.day), longitude);
  const sides = [-1, 1].map((side) => crossing(midday, side, latitude));
  const [sunrise, sunset] = sides;
  if (typeof sunrise === 'number' && typeof sunset === 'number') return { kind: 'day', sunrise, sunset };
  return { kind: sides.includes('above') ? 'polar-day' : 'polar-night' };
}

/** The sun's highest moment that is nearest to noon on the clock: zones may be a day apart from their longitude. */
function nearest(noon: number, utcMidnight: number, longitude: number): number {
  const { equationOfTime } = sunAt(noon);
  const transit = utcMidnight + (dayMinutes / 2 - 4 * longitude - equationOfTime) * minuteMs;
  const days = Math.round((noon - transit) / (dayMinutes * minuteMs));
  return transit + days * dayMinutes * minuteMs;
}

/** When the sun passes the horizon before (-1) or after (1) its highest moment; the second pass uses the sun as it is then. */
function crossing(midday: number, side: number, latitude: number): number | 'above' | 'below' {
  let at = midday;
  for (let pass = 0; pass < 3; pass++) {
    const { declination, equationOfTime } = sunAt(at);
    const cosine = cos(horizonZenith) / (cos(latitude) * cos(declination)) - tan(latitude) * tan(declination);
    if (cosine < -1) return 'above';
    if (cosine > 1) return 'below';
    const hourAngle = (Math.acos(cosine) * 180) / Math.PI;
    const drift = equationOfTime - sunAt(midday).equationOfTime;
    at = midday + (side * 4 * hourAngle - drift) * minuteMs;
  }
  return at;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const sin = (degrees: number): number => Math.sin(radians(degrees));
const cos = (degrees: number): number => Math.cos(radians(degrees));
const tan = (degrees: number): number => Math.tan(radians(degrees));

/** Declination in degrees and equation of time in minutes; names and constants as in NOAA's spreadsheet. */
function sunAt(instant: number): { readonly declination: number; readonly equationOfTime: number } {
  const century = (instant / (dayMinutes * minuteMs) + 2_440_587.5 - 2_451_545) / 36_525;
  const meanLongitude = (280.46646 + century * (36_000.76983 + century * 0.0003032)) % 360;
  const meanAnomaly = 357.52911 + century * (35_999.05029 - 0.0001537 * century);
  const eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
  const centre =
    sin(meanAnomaly) * (1.914602 - century * (0.004817 + 0.000014 * century)) +
    sin(2 * meanAnomaly) * (0.019993 - 0.000101 * century) +
    sin(3 * meanAnomaly) * 0.000289;
  const node = 125.04 - 1934.136 * century;
  const apparentLongitude = meanLongitude + centre - 0.00569 - 0.00478 * sin(node);
  const seconds = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813));
  const obliquity = 23 + (26 + seconds / 60) / 60 + 0.00256 * cos(node);
  const y = tan(obliquity / 2) ** 2;
  const equation =
    y * sin(2 * meanLongitude) -
    2 * eccentricity * sin(meanAnomaly) +
    4 * eccentricity * y * sin(meanAnomaly) * cos(2 * meanLongitude) -
    0.5 * y ** 2 * sin(4 * meanLongitude) -
    1.25 * eccentricity ** 2 * sin(2 * meanAnomaly);
  return {
    declination: (Math.asin(sin(obliquity) * sin(apparentLongitude)) * 180) / Math.PI,
    equationOfTime: (4 * equation * 180) / Math.PI,
  };
}
