/**
 * Makes one read of many that come together: while one is on its way, those that come are gathered for the next. Each
 * answer is of a read that began after it was asked for, so nothing is older than without this.
 * @param read answers for keys that are all different; a key that it leaves out has no answer.
 */
export class ReadTogether<Key, Value> {
  readonly #read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  #gathered = new Map<Key, PromiseWithResolvers<Value | undefined>>();
  #underWay = false;

  constructor(read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {
    this.#read = read;
  }

  /** @returns undefined for a key that there is nothing of. */
  of(key: Key): Promise<Value | undefined> {
    const waiting = this.#gathered.get(key) ?? Promise.withResolvers<Value | undefined>();
    this.#gathered.set(key, waiting);
    if (!this.#underWay) void this.#run();
    return waiting.promise;
  }

  async #run(): Promise<void> {
    this.#underWay = true;
    while (this.#gathered.size > 0) {
      const asked = this.#gathered;
      this.#gathered = new Map();
      try {
        const found = await this.#read([...asked.keys()]);
        for (const [key, { resolve }] of asked) resolve(found.get(key));
      } catch (error) {
        for (const { reject } of asked.values()) reject(error);
      }
    }
    this.#underWay = false;
  }
}
