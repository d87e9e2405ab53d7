import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import type { PageQuery } from '../http/paging.ts';

/** What a list is ordered by, smallest first; the database compares it and a cursor carries it as text. */
export interface SortKey {
  readonly by: RawBuilder<unknown>;
  readonly type: 'timestamptz' | 'float8' | 'uuid';
}

const cursorSchema = z.array(z.string().max(60)).max(4);
/** What a cursor may hold of each type: anything else would be an error of the database. */
const shapes: Readonly<Record<SortKey['type'], RegExp>> = {
  timestamptz: /^(infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00)$/,
  float8: /^-?\d+(\.\d+)?(e-?\d+)?$/,
  uuid: /^[0-9a-f-]{36}$/,
};

/** Runs a query page by page in an order of its own. The last key must tell every row from every other. */
export async function pageBy<DB, Table extends keyof DB, Row extends object>(
  query: SelectQueryBuilder<DB, Table, Row>,
  keys: readonly SortKey[],
  { limit, cursor }: PageQuery,
): Promise<{ items: Row[]; next?: string }> {
  const list = (parts: readonly RawBuilder<unknown>[]): RawBuilder<boolean> =>
    sql<boolean>`(${sql.join(parts)})`;
  let wide = query.select(sql<string[]>`array[${sql.join(keys.map(asText))}]`.as('page_key'));
  if (cursor !== undefined) {
    const after = decode(cursor, keys);
    const values = keys.map(({ type }, at) => sql`${after[at]}::text::${sql.raw(type)}`);
    wide = wide.where(sql<boolean>`${list(keys.map(({ by }) => by))} > ${list(values)}`);
  }
  for (const { by } of keys) wide = wide.orderBy(by);
  const rows = (await wide.limit(limit + 1).execute()) as unknown as (Row & {
    page_key: string[];
  })[];
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, ...(last === undefined ? {} : { next: encode(last.page_key) }) };
}

/** Moments in UTC, whatever the time zone of the connection. */
function asText({ by, type }: SortKey): RawBuilder<string> {
  if (type !== 'timestamptz') return sql<string>`(${by})::text`;
  return sql<string>`case when ${by} = 'infinity' then 'infinity' else to_char(${by} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' end`;
}

function encode(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws TidewaiterError `E_REQUEST` for what is no cursor of this order. */
function decode(cursor: string, keys: readonly SortKey[]): string[] {
  try {
    const values = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (values.length === keys.length && keys.every(({ type }, at) => shapes[type].test(values[at] ?? '')))
      return values;
  } catch {
    // The same as any other text that is no cursor.
  }
  throw new TidewaiterError(
    'E_REQUEST',
    'The cursor is none of this list',
    'Take it from `next` of an answer.',
  );
}
