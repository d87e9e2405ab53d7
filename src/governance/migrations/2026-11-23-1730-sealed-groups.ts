import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/** Tables by group are sealed, as tests are; one from before this step is shown again when its report is given again. */
export const sealedGroupsStep: SchemaStep = {
  name: '2026-11-23-1730-sealed-groups',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const statements = [
  `alter table oversight_group_rates add column seal text`,
  `drop trigger oversight_group_rates_fills_once on oversight_group_rates`,
  `create trigger oversight_group_rates_fills_once before update on oversight_group_rates
    for each row execute function governance_fills_once('seal')`,
];
