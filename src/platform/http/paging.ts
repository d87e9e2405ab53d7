import { z } from 'zod';
import type { ExpressionBuilder, SelectQueryBuilder } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';

/** What every list takes. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most entries of the answer.'),
  cursor: z.string().max(200).optional().describe('`next` of the answer before.'),
});
export type PageQuery = z.output<typeof pageQuery>;

/** A list's answer: newest first, and where the next one goes on. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().optional().describe('Absent at the end of the list.'),
  });
}

/** Where a page ended. Moments are kept to the microsecond, as the database has them. */
interface Place {
  readonly at: string;
  readonly id: string;
}

const placeSchema = z.tuple([z.iso.datetime({ precision: 6 }), z.uuid()]);

function encode({ at, id }: Place): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** @throws TidewaiterError `E_REQUEST` for what is no cursor of ours. */
function decode(cursor: string): Place {
  try {
    const [at, id] = placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at, id };
  } catch {
    throw new TidewaiterError(
      'E_REQUEST',
      'The cursor is none of this list',
      'Take it from `next` of an answer.',
    );
  }
}

/**
 * Runs a query page by page, newest first.
 * @param query selects from one table with `id` and `created_at`.
 */
export async function page<DB, Table extends keyof DB & string, Row extends { readonly id: string }>(
  query: SelectQueryBuilder<DB, Table, Row>,
  table: Table,
  { limit, cursor }: PageQuery,
): Promise<{ items: Row[]; next?: string }> {
  type Wide = SelectQueryBuilder<Record<string, Record<string, unknown>>, string, Row & { page_at: string }>;
  const after = cursor === undefined ? undefined : decode(cursor);
  let wide = query as unknown as Wide;
  wide = wide.select((eb) =>
    eb
      .fn<string>('to_char', [
        eb.fn('timezone', [eb.val('UTC'), eb.ref(`${table}.created_at`)]),
        eb.val('YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      ])
      .as('page_at'),
  );
  if (after !== undefined) {
    wide = wide.where((eb: ExpressionBuilder<Record<string, Record<string, unknown>>, string>) =>
      eb(
        eb.refTuple(`${table}.created_at`, `${table}.id`),
        '<',
        eb.tuple(eb.cast(eb.val(after.at), 'timestamptz'), eb.cast(eb.val(after.id), 'uuid')) as never,
      ),
    );
  }
  const rows = await wide
    .orderBy(`${table}.created_at`, 'desc')
    .orderBy(`${table}.id`, 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items: items as unknown as Row[],
    ...(last === undefined ? {} : { next: encode({ at: last.page_at, id: last.id }) }),
  };
}
