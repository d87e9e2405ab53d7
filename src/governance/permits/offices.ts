import { sql } from 'kysely';
import type { Seals } from '../../platform/secrets/seals.ts';
import type { Role } from '../../platform/people/roles.ts';
import type { DatabaseTransaction } from '../../platform/store/database.ts';
import { askSealed, evidenceOf, toldOf, type Evidence } from './seals.ts';

/** The four offices that sign each version of a use, and the role (at every site) by which somebody is of one. */
export const officeRoles = {
  privacy: 'privacy',
  'civil-rights': 'civil-rights',
  ocio: 'admin',
  caio: 'ai-governance',
} as const satisfies Readonly<Record<string, Role>>;

export type Office = keyof typeof officeRoles;
export const offices = Object.keys(officeRoles) as readonly Office[];
export const officeMembers: readonly Role[] = Object.values(officeRoles);

/** People of the offices: who is told of a suspension. */
export async function membersOfOffices(tx: DatabaseTransaction): Promise<string[]> {
  const rows = await tx
    .selectFrom('grants')
    .innerJoin('people', 'people.id', 'grants.person_id')
    .select('people.id')
    .distinct()
    .where('grants.site', '=', '*')
    .where('grants.role', 'in', [...officeMembers])
    .where('people.disabled_at', 'is', null)
    .orderBy('people.id')
    .execute();
  return rows.map(({ id }) => id);
}

/** What a use at a site lacks before its models may run; empty when nothing. The rules: `governance_lacks` of the schema. */
export async function lacksOf(
  tx: DatabaseTransaction,
  seals: Seals,
  { registration, site, now }: { readonly registration: string; readonly site: string; readonly now: Date },
): Promise<string[]> {
  const use = sql`(select use from governance_registrations where id = ${registration})`;
  const { lacks, forged } = await askSealed(seals, async (names) => {
    const { rows } = await sql<{ lacks: string[]; evidence: Evidence[] }>`
      select governance_lacks(${registration}::uuid, ${site}, ${now}, ${names}) as lacks,
        ${evidenceOf(use)} as evidence`.execute(tx);
    return rows[0] ?? { lacks: ['registration'], evidence: [] };
  });
  return toldOf(lacks, forged);
}
