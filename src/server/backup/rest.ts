import type pg from 'pg';

/** How many were switched off. */
export interface Resting {
  readonly cameras: number;
  readonly webhooks: number;
  readonly channels: number;
}

/** What reaches out of an installation; a backup of an older version may not know all of it. */
const switches: Readonly<Record<keyof Resting, { readonly table: string; readonly off: string }>> = {
  cameras: {
    table: 'watch_cameras',
    off: `with c as (update public.watch_cameras set enabled = false where enabled returning service_id)
      update public.services s set wanted = 'stopped', state = 'stopped' from c where s.id = c.service_id`,
  },
  webhooks: {
    table: 'webhooks',
    off: 'update public.webhooks set disabled_at = now() where disabled_at is null',
  },
  channels: {
    table: 'watch_channels',
    off: `with w as (update public.watch_messages set state = 'dead', ended_at = now(),
        problem = 'it waited when the backup was made that this comes from' where state = 'waiting')
      update public.watch_channels set enabled = false where enabled`,
  },
};

/**
 * Switches off what a restored installation would do beside the one that the backup is of: watch its cameras, and send what
 * that one sends, or has sent since. What waits to be sent is given up.
 */
export async function switchOff(client: pg.Client): Promise<Resting> {
  const resting = { cameras: 0, webhooks: 0, channels: 0 };
  for (const [what, { table, off }] of Object.entries(switches)) {
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      `public.${table}`,
    ]);
    if (rows[0]?.there === true) resting[what as keyof Resting] = (await client.query(off)).rowCount ?? 0;
  }
  return resting;
}
