import type pg from 'pg';

/** How many cameras, webhooks and channels are on in what was restored. */
export interface ReachingOut {
  readonly cameras: number;
  readonly webhooks: number;
  readonly channels: number;
}

/** What reaches out of an installation; a backup of an older version may not know all of it. */
const switches: Readonly<
  Record<keyof ReachingOut, { readonly table: string; readonly on: string; readonly off: string }>
> = {
  cameras: {
    table: 'watch_cameras',
    on: 'enabled',
    off: `with c as (update public.watch_cameras set enabled = false where enabled returning service_id)
      update public.services s set wanted = 'stopped', state = 'stopped' from c where s.id = c.service_id`,
  },
  webhooks: {
    table: 'webhooks',
    on: 'disabled_at is null',
    off: 'update public.webhooks set disabled_at = now() where disabled_at is null',
  },
  channels: {
    table: 'watch_channels',
    on: 'enabled',
    off: `with w as (update public.watch_messages set state = 'dead', ended_at = now(),
        problem = 'it waited when the backup was made that this comes from' where state = 'waiting')
      update public.watch_channels set enabled = false where enabled`,
  },
};

/**
 * What a restored installation does by itself when it is started: watch cameras, and send messages, those too that the one
 * that the backup is of has sent since.
 * @param beside that one still runs: they are switched off, and what waits to be sent is given up.
 */
export async function reachingOut(client: pg.Client, beside: boolean): Promise<ReachingOut> {
  const counts = { cameras: 0, webhooks: 0, channels: 0 };
  for (const [what, { table, on, off }] of Object.entries(switches)) {
    const known = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      `public.${table}`,
    ]);
    if (known.rows[0]?.there !== true) continue;
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from public.${table} where ${on}`,
    );
    counts[what as keyof ReachingOut] = rows[0]?.n ?? 0;
    if (beside) await client.query(off);
  }
  return counts;
}
