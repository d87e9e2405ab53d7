const AGAIN_AFTER_MS = 15 * 60_000;
/** Some hours of a large office. */
const MOST_KEPT = 20_000;

/**
 * Remembers who was shown what lately. A player asks for hundreds of pieces of what it shows, from anywhere in it: that it was
 * looked at is recorded once in a quarter of an hour, with the first of them.
 */
export class RecentViews {
  readonly #seen = new Map<string, number>();

  /** Runs `record`, unless it was done for the two lately. When it fails, it is done again the next time. */
  async note(personId: string, assetId: string, at: Date, record: () => Promise<void>): Promise<void> {
    const key = `${personId} ${assetId}`;
    const last = this.#seen.get(key);
    if (last !== undefined && at.getTime() - last < AGAIN_AFTER_MS) return;
    await record();
    this.#seen.delete(key);
    this.#seen.set(key, at.getTime());
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= MOST_KEPT) break;
      this.#seen.delete(oldest);
    }
  }
}
