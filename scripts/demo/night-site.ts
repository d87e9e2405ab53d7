/** Somewhere on earth it is late at night: of these, one is always within a few hours of it. */
const timeZones = [
  'Pacific/Guam',
  'Asia/Dubai',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'Pacific/Honolulu',
  'Asia/Bangkok',
] as const;

export interface NightSite {
  /** The site file. */
  readonly text: string;
  readonly timeZone: string;
  /** Shares of the picture. */
  readonly zone: readonly (readonly [x: number, y: number])[];
}

/** A site whose working day is over whenever the demo runs: it lies where it is about half past eleven at night now. */
export function siteAtNight(now: Date): NightSite {
  const fromNight = (timeZone: string): number => {
    const [hours = 0, minutes = 0] = now.toLocaleTimeString('sv-SE', { timeZone }).split(':').map(Number);
    const distance = Math.abs(hours + minutes / 60 - 23.5);
    return Math.min(distance, 24 - distance);
  };
  const [timeZone] = timeZones.toSorted((a, b) => fromNight(a) - fromNight(b));
  const zone = [
    [0.28, 0.5],
    [0.72, 0.5],
    [0.8, 0.98],
    [0.2, 0.98],
  ] as const;
  const working = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const text = `site: Demo yard
timeZone: ${timeZone}
calendar:
  open:
${working.map((day) => `    ${day}: [07:00-18:00]`).join('\n')}
cameras:
  - id: yard
    zones:
      - { id: apron, polygon: ${JSON.stringify(zone)} }
    rules:
      - { id: after-hours, kind: zone-entry, zone: apron, severity: high }
`;
  return { text, timeZone: timeZone!, zone };
}
