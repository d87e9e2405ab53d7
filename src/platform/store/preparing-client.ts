import pg from 'pg';
import { sha256 } from '../../core/digest.ts';

/** Lists of values make a new text for each length; what comes after this many texts is sent as it is. */
const MOST_STATEMENTS = 500;
/** What "cached plan must not change result type" has for a code: a column was added since the statement was prepared. */
const PLAN_OUTDATED = '0A000';

/**
 * A connection that lets the server prepare what is read with values, once for each text: parsing and planning cost more
 * than finding a few rows. Sightings are planned anew each time: which index is best depends on the span and the class.
 */
export class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();
  #generation = 0;

  constructor(config?: pg.ClientConfig) {
    super(config);
    const send = super.query.bind(this) as (...query: unknown[]) => unknown;
    this.query = ((text: unknown, values: unknown, ...rest: unknown[]) => {
      const name = this.#nameOf(text, values);
      if (name === undefined) return send(text, values, ...rest);
      return (send({ name, text, values }) as Promise<unknown>).catch((error: unknown) => {
        if (!(error instanceof pg.DatabaseError) || error.code !== PLAN_OUTDATED) throw error;
        this.#generation += 1;
        this.#names.clear();
        // A transaction is lost with the statement; a statement of its own is simply sent again.
        if (this.getTransactionStatus() !== 'I') throw error;
        return send(text, values);
      });
    }) as typeof this.query;
  }

  #nameOf(text: unknown, values: unknown): string | undefined {
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return undefined;
    if (!text.startsWith('select') || text.includes('"observations"')) return undefined;
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MOST_STATEMENTS) return known;
    const name = `${this.#generation}-${sha256(text).slice(0, 32)}`;
    this.#names.set(text, name);
    return name;
  }
}
