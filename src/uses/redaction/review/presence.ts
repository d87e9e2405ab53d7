import type { Database } from '../../../platform/store/database.ts';

/** Told so often that somebody is there. */
const TELL_MS = 3_000;
/** Who was not heard of for so long has gone. */
const GONE_MS = 10_000;

/** Somebody's place at a review while they look at it. */
export interface Seat {
  /** The others who look at it now. */
  others(): Promise<{ readonly person: string; readonly name: string }[]>;
  leave(): Promise<void>;
}

/** Takes a place at a review.. */
export function present(db: Database, reviewId: string, personId: string): Seat {
  let told = Number.NEGATIVE_INFINITY;
  return {
    others: async () => {
      const now = performance.now();
      if (now - told >= TELL_MS) {
        told = now;
        const seat = { review_id: reviewId, person_id: personId, seen_at: new Date() };
        await db
          .insertInto('redaction_presence')
          .values(seat)
          .onConflict((known) =>
            known.columns(['review_id', 'person_id']).doUpdateSet({ seen_at: seat.seen_at }),
          )
          .execute();
      }
      return db
        .selectFrom('redaction_presence')
        .innerJoin('people', 'people.id', 'redaction_presence.person_id')
        .select(['people.id as person', 'people.name'])
        .where('review_id', '=', reviewId)
        .where('person_id', '<>', personId)
        .where('seen_at', '>', new Date(Date.now() - GONE_MS))
        .orderBy('people.name')
        .orderBy('people.id')
        .execute();
    },
    leave: async () => {
      await db
        .deleteFrom('redaction_presence')
        .where('review_id', '=', reviewId)
        .where('person_id', '=', personId)
        .execute();
    },
  };
}
