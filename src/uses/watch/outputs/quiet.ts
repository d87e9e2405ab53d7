import type { Selectable } from 'kysely';
import type { Database } from '../../../platform/store/database.ts';
import { scheduleAt, type Period, type TimeOfDay } from '../calendar/calendar.ts';
import { parseSite } from '../site/read.ts';
import { weekdays } from './channel.ts';
import type { WatchChannelsTable } from './tables.ts';

/** Whether a channel is to be quiet at a moment, by the clocks of its site. */
export async function isQuiet(
  db: Database,
  { site_id, choice: { quiet } }: Selectable<WatchChannelsTable>,
  at: Date,
): Promise<boolean> {
  if (Object.keys(quiet).length === 0) return false;
  const { text } = await db
    .selectFrom('watch_site_files')
    .select('text')
    .where('site_id', '=', site_id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow();
  const { timeZone } = parseSite(text, `the site file of ${site_id}`).calendar;
  const week = weekdays.map((day) => (quiet[day] ?? []).map(periodOf));
  const calendar = {
    timeZone,
    week,
    holidays: [],
    exceptions: [],
    graceBefore: 0,
    graceAfter: 0,
    overrides: [],
  };
  return scheduleAt(calendar, at.getTime()).why === 'open';
}

function periodOf(text: string): Period {
  const [from = '', to = ''] = text.split('-');
  return { from: timeOf(from), to: timeOf(to) };
}

function timeOf(text: string): TimeOfDay {
  const [hours, minutes] = text.split(':');
  return { kind: 'clock', minutes: Number(hours) * 60 + Number(minutes) };
}
