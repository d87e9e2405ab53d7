import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Role } from '../../platform/people/roles.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { officeRoles, type Office } from '../permits/offices.ts';
import { underRules } from '../rules.ts';

/** Who may put a version forward, and so answers for it. In this order a person's role is named beside an answer. */
export const answerers: readonly Role[] = ['supervisor', 'ai-governance', 'admin'];

/** Something said to a question. */
export interface Word {
  /** The office asks; who wrote the version, or may put one forward, answers. */
  readonly side: 'asks' | 'answers';
  /** By which the person speaks: the role of the office, `author`, or a role that may put versions forward. */
  readonly role: string;
  readonly person: string;
  readonly said: string;
  readonly at: string;
}

/** A question of an office about a version of a use, and all that was said to it, oldest first. */
export interface QuestionThread {
  readonly id: string;
  readonly office: Office;
  readonly words: Word[];
  readonly settledBy: string | null;
  readonly settledAt: string | null;
}

interface By {
  readonly by: string;
  readonly now: Date;
}

/** Questions about a version of a use, oldest first. @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. */
export async function questionsOf(db: Database, registration: string): Promise<QuestionThread[]> {
  const version = await db
    .selectFrom('governance_registrations')
    .select('id')
    .where('id', '=', registration)
    .executeTakeFirst();
  if (version === undefined)
    throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such version of a use', 'Check the id.');
  const questions = await db
    .selectFrom('oversight_questions')
    .selectAll()
    .where('registration_id', '=', registration)
    .orderBy('asked_at')
    .orderBy('id')
    .limit(500)
    .execute();
  if (questions.length === 0) return [];
  const ids = questions.map(({ id }) => id);
  const words = await db
    .selectFrom('oversight_words')
    .selectAll()
    .where('question_id', 'in', ids)
    .orderBy('place')
    .execute();
  return questions.map(({ id, office, settled_by: settledBy, settled_at: settledAt }) => ({
    ...{ id, office, settledBy, settledAt: settledAt?.toISOString() ?? null },
    words: words
      .filter((word) => word.question_id === id)
      .map(({ side, role, person_id: person, said, at }) => ({
        ...{ side, role, person, said, at: at.toISOString() },
      })),
  }));
}

/**
 * Asks about a version of a use for an office, which then does not sign before the question is settled.
 * @returns the id of the question.
 * @throws TidewaiterError `E_GOVERNANCE` when the person is not of the office or wrote the version, `E_GOVERNANCE_UNKNOWN`.
 */
export async function ask(
  db: Database,
  {
    registration,
    office,
    said,
    by,
    now,
  }: By & { readonly registration: string; readonly office: Office; readonly said: string },
): Promise<string> {
  const id = randomUUID();
  await underRules(
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('oversight_questions')
        .values({ id, registration_id: registration, office, asked_at: now })
        .execute();
      await say(tx, { question: id, side: 'asks', role: officeRoles[office], said, by, now });
      await append(tx, {
        ...{ kind: 'oversight.asked', at: now, actor: by, subjects: { registration, question: id } },
        facts: { office },
      });
    }),
  );
  return id;
}

/**
 * Says more to an open question: for the office that asked, or in answer to it, as whoever speaks can.
 * @throws TidewaiterError `E_GOVERNANCE` when it is settled, or the person is of neither side; `E_GOVERNANCE_UNKNOWN`.
 */
export async function reply(
  db: Database,
  { question, said, by, now }: By & { readonly question: string; readonly said: string },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const { office, author, registration } = await findQuestion(tx, question);
      const held = await rolesOf(tx, by);
      const asks = by !== author && held.has(officeRoles[office]);
      const role = asks
        ? officeRoles[office]
        : by === author
          ? 'author'
          : (answerers.find((one) => held.has(one)) ?? 'none');
      const side = asks ? 'asks' : 'answers';
      await say(tx, { question, side, role, said, by, now });
      await append(tx, {
        ...{ kind: asks ? 'oversight.asked' : 'oversight.answered', at: now, actor: by },
        ...{ subjects: { registration, question }, facts: { office } },
      });
    }),
  );
}

/**
 * The office that asked takes the answer for enough.
 * @throws TidewaiterError `E_GOVERNANCE` when the person is not of it, answered, or it was settled; `E_GOVERNANCE_UNKNOWN`.
 */
export async function settle(
  db: Database,
  { question, by, now }: By & { readonly question: string },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const { office, registration } = await findQuestion(tx, question);
      await tx
        .updateTable('oversight_questions')
        .set({ settled_by: by, settled_at: now })
        .where('id', '=', question)
        .execute();
      await append(tx, {
        ...{ kind: 'oversight.settled', at: now, actor: by, subjects: { registration, question } },
        facts: { office },
      });
    }),
  );
}

async function say(
  tx: DatabaseTransaction,
  {
    question,
    side,
    role,
    said,
    by,
    now,
  }: By & Pick<Word, 'side' | 'role' | 'said'> & { readonly question: string },
): Promise<void> {
  await tx
    .insertInto('oversight_words')
    .values({ question_id: question, side, role, person_id: by, said, at: now })
    .execute();
}

async function findQuestion(
  tx: DatabaseTransaction,
  id: string,
): Promise<{ readonly office: Office; readonly author: string; readonly registration: string }> {
  const row = await tx
    .selectFrom('oversight_questions as q')
    .innerJoin('governance_registrations as r', 'r.id', 'q.registration_id')
    .select(['q.office', 'r.author_id as author', 'r.id as registration'])
    .where('q.id', '=', id)
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such question', 'Check the id.');
}

async function rolesOf(tx: DatabaseTransaction, person: string): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('grants')
    .select('role')
    .where('person_id', '=', person)
    .where('site', '=', '*')
    .execute();
  return new Set(rows.map(({ role }) => role));
}
