/**
 * Wraps the keys and secrets that lie in the database, so that who has only the database has none of them. A file is
 * one ({@link openMasterKey}); a key management service can stand in its place.
 */
export interface MasterKey {
  /**
   * @param context what is wrapped, such as `vault:ID`: it unwraps under no other, so that rows cannot be exchanged.
   * @returns about 40 bytes more than were given.
   */
  wrap(plain: Uint8Array, context: string): Promise<Buffer>;
  /** @throws TidewaiterError `E_SECRET_DAMAGED` (changed, or of another context), `E_MASTER_KEY` (its key is not here). */
  unwrap(wrapped: Uint8Array, context: string): Promise<Buffer>;
  /** Whether it was wrapped with the newest key. */
  isCurrent(wrapped: Uint8Array): boolean;
  /**
   * Makes a new key for all that is wrapped from now on. Older keys stay, for what they wrapped.
   * @param alone whoever calls knows that nobody else rotates: what one left that was killed half-way is removed.
   */
  rotate(options?: { readonly alone: boolean }): Promise<void>;
}
