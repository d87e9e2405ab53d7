import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/** An incident that is more than a remark names the suspension that it stopped its use with, whichever way it comes in. */
export const incidentsStopStep: SchemaStep = {
  name: '2026-11-23-1450-incidents-stop',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  // None stands on a suspension of another, which may be lifted.
  `create unique index on oversight_incidents (suspension_id)`,
  // Incidents from before this step may still be closed without one: the offices were told of them, and have the button.
  `create function oversight_incident_stops() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' and new.severity <> 'low' and new.suspension_id is null then
        raise exception 'an incident that is % stops its use', new.severity;
      end if;
      if new.suspension_id is not null and not exists (select 1 from governance_suspensions s
          where s.id = new.suspension_id and s.use = new.use and s.cause = 'incident') then
        raise exception 'an incident names a suspension of its own use for an incident';
      end if;
      return new;
    end $$`,
  `create trigger oversight_incidents_stop before insert or update on oversight_incidents
    for each row execute function oversight_incident_stops()`,
];
