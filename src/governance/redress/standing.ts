import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { append } from '../../platform/ledger/ledger.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Database } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';

/** Where the register of standing opt-outs is, and what its keys are wrapped with. */
export interface Register {
  readonly db: Database;
  readonly secrets: SecretBox;
}

/** A document at a site: the number is never kept, and never leaves this file but as a commitment. */
export interface DocumentAt {
  readonly site: string;
  readonly document: string;
}

/** Days for which a standing opt-out may be kept: five years, as the schema says. */
export const STANDING_DAYS = 1825;

/**
 * Keeps that whoever shows this document at this site does not want their face captured. Said again, it lasts until the
 * later day.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function keepStanding(
  register: Register,
  {
    expires,
    by,
    now,
    ...at
  }: DocumentAt & { readonly expires: Date; readonly by: string; readonly now: Date },
): Promise<void> {
  const sealed = await seal(register, at);
  await underRules(
    register.db.transaction().execute(async (tx) => {
      await tx
        .insertInto('redress_standing')
        .values({
          ...{ id: randomUUID(), site_id: at.site, commitment: sealed },
          ...{ recorded_by: by, recorded_at: now, expires },
        })
        .onConflict((clash) =>
          clash.columns(['site_id', 'commitment']).doUpdateSet((eb) => ({
            expires: eb.fn('greatest', ['redress_standing.expires', 'excluded.expires']),
          })),
        )
        .execute();
      await append(tx, {
        ...{ kind: 'redress.opted-out-standing', at: now, actor: by, siteId: at.site, subjects: {} },
      });
    }),
  );
}

/** Forgets a standing opt-out, because whoever said it asks so. Says nothing of whether there was one. */
export async function forgetStanding(
  register: Register,
  { by, now, ...at }: DocumentAt & { readonly by: string; readonly now: Date },
): Promise<void> {
  const sealed = await seal(register, at);
  await register.db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('redress_standing')
      .where('site_id', '=', at.site)
      .where('commitment', '=', sealed)
      .execute();
    const event = { kind: 'redress.standing-withdrawn', at: now, actor: by, siteId: at.site, subjects: {} };
    await append(tx, event);
  });
}

export async function hasStanding(register: Register, at: DocumentAt, now: Date): Promise<boolean> {
  const row = await register.db
    .selectFrom('redress_standing')
    .select('id')
    .where('site_id', '=', at.site)
    .where('commitment', '=', await seal(register, at))
    .where('expires', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** HMAC-SHA-256 of the number, as it is read without spaces and case, under the site's own key. */
async function seal(register: Register, { site, document }: DocumentAt): Promise<Buffer> {
  const number = document.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  return createHmac('sha256', await siteKey(register, site))
    .update(number, 'utf8')
    .digest();
}

/** Made when it is needed first, once however many ask. */
async function siteKey({ db, secrets }: Register, site: string): Promise<Buffer> {
  const context = `opt-outs:${site}`;
  const find = () =>
    db.selectFrom('redress_site_keys').select('wrapped').where('site_id', '=', site).executeTakeFirst();
  let kept = await find();
  if (kept === undefined) {
    const wrapped = secrets.wrap(randomBytes(32), context);
    await underRules(
      db
        .insertInto('redress_site_keys')
        .values({ site_id: site, wrapped })
        .onConflict((clash) => clash.doNothing())
        .execute(),
    );
    kept = await find();
  }
  if (kept === undefined) throw new TypeError(`the key of ${site} was kept and is not there`);
  return secrets.unwrap(kept.wrapped, context);
}
