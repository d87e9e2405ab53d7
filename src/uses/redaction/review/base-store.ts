import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { TidewaiterError } from '../../../core/errors.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { ReviewBase } from './base.ts';

/** Reviews that people work on at a time, more or less; each takes some megabytes. */
const KEPT = 4;

/** Reads what analyses gave, and remembers the newest: every edit is checked against it. */
export class BaseStore {
  readonly #platform: Platform;
  readonly #kept = new Map<string, Promise<ReviewBase>>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** @throws TidewaiterError `E_VAULT_ERASED` when the source was erased, and this with it. */
  async read(assetId: string | null): Promise<ReviewBase> {
    if (assetId === null) throw notAnalysed();
    const row = await this.#platform.db
      .selectFrom('assets')
      .select('erased_at')
      .where('id', '=', assetId)
      .executeTakeFirst();
    // The vault says what has become of it.
    const there = row !== undefined && row.erased_at === null;
    const kept = there ? this.#kept.get(assetId) : undefined;
    this.#kept.delete(assetId);
    const base = kept ?? this.#load(assetId);
    this.#kept.set(assetId, base);
    base.catch(() => this.#kept.delete(assetId));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return base;
  }

  async #load(assetId: string): Promise<ReviewBase> {
    const sealed = await this.#platform.vault.open(assetId);
    const plain = createGunzip();
    sealed.on('error', (error) => plain.destroy(error)).pipe(plain);
    return JSON.parse(await text(plain)) as ReviewBase;
  }
}

export function notAnalysed(): TidewaiterError {
  return new TidewaiterError(
    'E_REVIEW_STATE',
    'The asset of this review was not analysed yet',
    'Wait for the job of the review; when that failed, start another review.',
  );
}
