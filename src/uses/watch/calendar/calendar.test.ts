import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { needs } from '../../../../test/needs.ts';
import { scheduleAt, type Calendar, type Period } from './calendar.ts';
import { sunOn } from './sun.ts';
import { dateText, daysLater, instantOf, isTimeZone, localDate, weekdayOf, zoneOffset } from './zone-time.ts';

const at = (text: string): number => Date.parse(text);
const clock = (hour: number, minute = 0): Period['from'] => ({ kind: 'clock', minutes: 60 * hour + minute });
const day: Period = { from: clock(8), to: clock(18) };

const office: Calendar = {
  timeZone: 'America/Chicago',
  week: [[day], [day], [day], [day], [day], [], []],
  holidays: [{ date: '2026-12-25', name: 'Christmas' }],
  exceptions: [{ date: '2026-11-28', open: [{ from: clock(10), to: clock(14) }], reason: 'stocktaking' }],
  graceBefore: 30,
  graceAfter: 60,
  overrides: [
    { state: 'armed', from: at('2026-12-01T15:00:00Z'), to: at('2026-12-01T16:00:00Z'), reason: 'drill' },
  ],
};

describe('local time', () => {
  test('offsets agree with the public time-zone database, through every change of two years', (t) => {
    if (!needs(t, 'python3')) return;
    const zones = [
      'America/Chicago',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Kathmandu',
      'America/Nuuk',
    ];
    const instants = Array.from(
      { length: 2 * 365 * 4 },
      (_, step) => at('2024-01-01T00:30:00Z') + step * 6 * 3_600_000,
    );
    const program =
      'import sys,json,zoneinfo,datetime as d\n' +
      'zs,ts=json.load(sys.stdin)\n' +
      'print(json.dumps([[int(d.datetime.fromtimestamp(t/1000,zoneinfo.ZoneInfo(z)).utcoffset().total_seconds()*1000) for t in ts] for z in zs]))';
    const input = JSON.stringify([zones, instants]);
    const expected = JSON.parse(
      execFileSync('python3', ['-c', program], { input, maxBuffer: 2 ** 26 }).toString(),
    );
    assert.deepEqual(
      zones.map((zone) => instants.map((instant) => zoneOffset(instant, zone))),
      expected,
    );
  });

  test('an hour that the clocks leave out counts on from the change; one that comes twice is the first', () => {
    const spring = { year: 2026, month: 3, day: 8 };
    assert.equal(instantOf(spring, 150, 'America/Chicago'), at('2026-03-08T03:30:00-05:00'));
    const autumn = { year: 2026, month: 11, day: 1 };
    assert.equal(instantOf(autumn, 90, 'America/Chicago'), at('2026-11-01T01:30:00-05:00'));
    assert.equal(instantOf(autumn, 1440, 'America/Chicago'), at('2026-11-02T00:00:00-06:00'));
    // A zone whose summer time is half an hour.
    assert.equal(
      instantOf({ year: 2026, month: 10, day: 4 }, 180, 'Australia/Lord_Howe'),
      at('2026-10-04T03:00:00+11:00'),
    );
  });

  test('going to an instant and back gives the same day, all over the world', () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/London', 'America/St_Johns']) {
      for (let count = 0; count < 400; count += 7) {
        const date = daysLater({ year: 2026, month: 1, day: 1 }, count);
        assert.deepEqual(localDate(instantOf(date, 12 * 60, zone), zone), date);
        assert.equal(weekdayOf(date), (count + 3) % 7, dateText(date));
      }
    }
    assert.ok(!isTimeZone('America/Nowhere'));
  });
});

describe('sunrise and sunset', () => {
  test('agree with published almanac times to two minutes', () => {
    const places = [
      [
        'Europe/London',
        { latitude: 51.5074, longitude: -0.1278 },
        [2024, 6, 21],
        '04:43+01:00',
        '21:21+01:00',
      ],
      [
        'America/New_York',
        { latitude: 40.7128, longitude: -74.006 },
        [2024, 12, 21],
        '07:17-05:00',
        '16:32-05:00',
      ],
      [
        'Australia/Sydney',
        { latitude: -33.8688, longitude: 151.2093 },
        [2024, 6, 21],
        '07:00+10:00',
        '16:54+10:00',
      ],
    ] as const;
    for (const [zone, location, [year, month, date], rise, set] of places) {
      const sun = sunOn({ year, month, day: date }, location, zone);
      assert.equal(sun.kind, 'day');
      if (sun.kind !== 'day') continue;
      const wanted = (time: string): number =>
        at(`${dateText({ year, month, day: date })}T${time.slice(0, 5)}:00${time.slice(5)}`);
      assert.ok(
        Math.abs(sun.sunrise - wanted(rise)) <= 120_000,
        `${zone} ${new Date(sun.sunrise).toISOString()}`,
      );
      assert.ok(
        Math.abs(sun.sunset - wanted(set)) <= 120_000,
        `${zone} ${new Date(sun.sunset).toISOString()}`,
      );
    }
  });

  test('the day of a local date, even where the zone is a day off its longitude; polar days and nights have none', () => {
    const kiritimati = sunOn(
      { year: 2026, month: 5, day: 5 },
      { latitude: 1.87, longitude: -157.4 },
      'Pacific/Kiritimati',
    );
    assert.equal(kiritimati.kind, 'day');
    if (kiritimati.kind === 'day') {
      for (const moment of [kiritimati.sunrise, kiritimati.sunset])
        assert.deepEqual(localDate(moment, 'Pacific/Kiritimati'), { year: 2026, month: 5, day: 5 });
    }
    const tromso = { latitude: 69.65, longitude: 18.96 };
    assert.equal(sunOn({ year: 2026, month: 6, day: 21 }, tromso, 'Europe/Oslo').kind, 'polar-day');
    assert.equal(sunOn({ year: 2026, month: 12, day: 21 }, tromso, 'Europe/Oslo').kind, 'polar-night');
  });
});

describe('the calendar of a site', () => {
  const state = (text: string, calendar = office): string => {
    const { armed, why, detail } = scheduleAt(calendar, at(text));
    return `${armed ? 'armed' : 'open'}: ${why}${detail === undefined ? '' : ` (${detail})`}`;
  };

  test('hours, grace, weekends, holidays, exceptions and what people set by hand', () => {
    assert.equal(state('2026-11-23T07:29:59-06:00'), 'armed: closed');
    assert.equal(state('2026-11-23T07:30:00-06:00'), 'open: grace');
    assert.equal(state('2026-11-23T08:00:00-06:00'), 'open: open');
    assert.equal(state('2026-11-23T18:30:00-06:00'), 'open: grace');
    assert.equal(state('2026-11-23T19:00:00-06:00'), 'armed: closed');
    assert.equal(state('2026-11-22T12:00:00-06:00'), 'armed: closed');
    assert.equal(state('2026-12-25T12:00:00-06:00'), 'armed: holiday (Christmas)');
    assert.equal(state('2026-11-28T12:00:00-06:00'), 'open: open (stocktaking)');
    assert.equal(state('2026-12-01T09:30:00-06:00'), 'armed: armed by hand (drill)');
  });

  test('says when the state ends', () => {
    assert.equal(scheduleAt(office, at('2026-11-20T20:00:00-06:00')).until, at('2026-11-23T07:30:00-06:00'));
  });

  test('a night shift goes on over midnight, and through the hour that comes twice', () => {
    const night: Calendar = {
      ...office,
      week: Array.from({ length: 7 }, () => [{ from: clock(22), to: clock(6) }]),
      exceptions: [],
      holidays: [],
      graceBefore: 0,
      graceAfter: 0,
    };
    for (const text of [
      '2026-11-01T01:30:00-05:00',
      '2026-11-01T01:30:00-06:00',
      '2026-11-01T05:59:00-06:00',
    ])
      assert.equal(state(text, night), 'open: open', text);
    assert.equal(state('2026-11-01T06:00:00-06:00', night), 'armed: closed');
    const hours = [...Array(31).keys()].filter(
      (hour) => !scheduleAt(night, at('2026-10-31T17:00:00-05:00') + hour * 3_600_000).armed,
    );
    assert.equal(hours.length, 9 + 1, 'nine hours that night, and the next evening from ten');
  });

  test('from sunrise to sunset: never in a polar night, always on a polar day', () => {
    const sun: Period = { from: { kind: 'sunrise', offset: 0 }, to: { kind: 'sunset', offset: 0 } };
    const calendar: Calendar = {
      ...office,
      timeZone: 'Europe/Oslo',
      location: { latitude: 69.65, longitude: 18.96 },
      week: Array.from({ length: 7 }, () => [sun]),
      graceBefore: 0,
      graceAfter: 0,
      holidays: [],
      exceptions: [],
    };
    assert.equal(state('2026-12-21T12:00:00+01:00', calendar), 'armed: closed');
    assert.equal(state('2026-06-21T00:30:00+02:00', calendar), 'open: open');
    assert.equal(state('2026-03-21T12:00:00+01:00', calendar), 'open: open');
    assert.equal(state('2026-03-21T23:00:00+01:00', calendar), 'armed: closed');
  });
});
