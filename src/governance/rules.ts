import pg from 'pg';
import { TidewaiterError } from '../core/errors.ts';

/** Of PostgreSQL: a trigger of ours refused, a row breaks a condition; a row that is referred to is not there; it is there already. */
const REFUSED = new Set(['P0001', '23514']);
const MISSING = '23503';
const TWICE = '23505';

/**
 * Waits for rows to be written, and tells which rule refused them. The rules themselves stand in the schema, where no way
 * in leads past them.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function underRules<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === MISSING)
      throw new TidewaiterError(
        'E_GOVERNANCE_UNKNOWN',
        'Something that this names does not exist: a person, a use, a site or a case',
        'Check the ids.',
        { cause: error },
      );
    if (!REFUSED.has(error.code ?? '')) throw error;
    throw new TidewaiterError(
      'E_GOVERNANCE',
      `Not allowed: ${error.message}`,
      'See docs/permits.md for who may do what, and what a permit needs.',
      { cause: error },
    );
  }
}

/**
 * As {@link underRules}, for what may be on record once.
 * @param twice what is said when it is there already.
 */
export async function onlyOnce<T>(work: Promise<T>, twice: () => TidewaiterError): Promise<T> {
  try {
    return await underRules(work);
  } catch (error) {
    throw error instanceof pg.DatabaseError && error.code === TWICE ? twice() : error;
  }
}
