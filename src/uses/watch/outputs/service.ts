import { setInterval } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Platform } from '../../../platform/platform.ts';
import { serviceKind, type ServiceKind } from '../../../platform/services/kind.ts';
import { addressCheck } from '../../../platform/webhooks/target.ts';
import { charter } from '../charter.ts';
import { fanOut, type OutputRun } from './fan-out.ts';
import { sendWaiting } from './queue.ts';
import type { Sender } from './sender.ts';
import { senderOf } from './senders.ts';
import type { WatchChannelsTable } from './tables.ts';

export const OUTPUT_SERVICE = 'watch.outputs';
const TICK_MS = 250;
/** What ended is forgotten every so many ticks. */
const TIDY_TICKS = 2400;
const KEPT_MS = 30 * 86_400_000;

/**
 * Sends what happens at a site to its channels. A service and not jobs: it is one run at a time, which keeps the order,
 * and it sees all that waits, which a digest needs.
 */
export function outputService(platform: () => Platform): ServiceKind {
  return serviceKind({
    name: OUTPUT_SERVICE,
    use: charter.use,
    settings: z.strictObject({}),
    concurrency: 100,
    run: async ({ id, siteId }, { signal, generation }) => {
      const outputs = new Outputs(platform(), siteId, { id, generation });
      let ticks = 0;
      try {
        for await (const _ of setInterval(TICK_MS, undefined, { signal })) {
          await outputs.tick(signal);
          if (ticks++ % TIDY_TICKS === 0) await forget(platform(), siteId);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await outputs.close();
      }
    },
  });
}

/** The channels of a site, each with what carries its messages while it stays as it is. */
class Outputs {
  readonly #platform: Platform;
  readonly #site: string;
  readonly #run: OutputRun;
  readonly #open = new Map<string, { readonly version: number; readonly sender: Sender }>();
  /** Channels that send: a slow one holds up no other. */
  readonly #busy = new Map<string, Promise<void>>();
  #failed: Error | undefined;

  constructor(platform: Platform, site: string, run: OutputRun) {
    [this.#platform, this.#site, this.#run] = [platform, site, run];
  }

  async tick(signal: AbortSignal): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    await fanOut(this.#platform, this.#site, this.#run);
    const channels = await this.#platform.db
      .selectFrom('watch_channels')
      .selectAll()
      .where('site_id', '=', this.#site)
      .where('enabled', '=', true)
      .execute();
    for (const [id, { sender }] of this.#open)
      if (!this.#busy.has(id) && !channels.some((channel) => channel.id === id)) {
        this.#open.delete(id);
        await sender.close();
      }
    for (const channel of channels) {
      if (this.#busy.has(channel.id)) continue;
      const sending = this.#send(channel, signal)
        .catch((error: unknown) => {
          this.#failed ??= error instanceof Error ? error : new Error(String(error));
        })
        .finally(() => this.#busy.delete(channel.id));
      this.#busy.set(channel.id, sending);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#busy.values());
    await Promise.all([...this.#open.values()].map(({ sender }) => sender.close()));
  }

  async #send(channel: Selectable<WatchChannelsTable>, signal: AbortSignal): Promise<void> {
    let open = this.#open.get(channel.id);
    if (open?.version !== channel.version) {
      await open?.sender.close();
      open = { version: channel.version, sender: senderOf(channel, this.#platform.secrets) };
      this.#open.set(channel.id, open);
      const allowed = addressCheck(this.#platform.settings.webhooks.networks ?? []);
      open.sender.begin?.({ site: channel.site_id, allowed });
    }
    await sendWaiting(this.#platform, channel, open.sender, { run: this.#run, signal });
  }
}

/** What arrived or was given up a month ago. */
async function forget({ db, now }: Platform, site: string): Promise<void> {
  const before = new Date(now().getTime() - KEPT_MS);
  const channels = db.selectFrom('watch_channels').select('id').where('site_id', '=', site);
  await db
    .deleteFrom('watch_messages')
    .where('channel_id', 'in', channels)
    .where('ended_at', '<', before)
    .execute();
  await db
    .deleteFrom('watch_attempts')
    .where('channel_id', 'in', channels)
    .where('at', '<', before)
    .execute();
}
