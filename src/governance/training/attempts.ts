import { randomInt, randomUUID } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import { recordTraining } from '../permits/evidence.ts';
import { sealRow, type Governed } from '../permits/seals.ts';
import { underRules } from '../rules.ts';
import { moduleDigest, passMark, type TrainingModule } from './module.ts';
import { trainingModules } from './modules/index.ts';
import type { TrainingAttemptsTable } from './tables.ts';

export type Attempt = Selectable<TrainingAttemptsTable>;

/** @throws TidewaiterError `E_TRAINING_MODULE`. */
export function findModule(id: string): TrainingModule {
  const module = trainingModules.find((one) => one.id === id);
  if (module !== undefined) return module;
  throw new TidewaiterError(
    'E_TRAINING_MODULE',
    'There is no such training module',
    'Take one of the list of modules.',
  );
}

/**
 * Puts the present version of a module into force: who does so stands for what people learn from it, and for what passing
 * it is worth. From then on, it is the training that people of its roles need in its use.
 * @throws TidewaiterError `E_TRAINING_MODULE`.
 */
export async function releaseModule(
  { db, keys }: Governed,
  { id, by, now }: { readonly id: string; readonly by: string; readonly now: Date },
): Promise<void> {
  const module = findModule(id);
  const [version, digest] = [module.version, moduleDigest(module)];
  await db.transaction().execute(async (tx) => {
    const { place } = await tx
      .insertInto('training_releases')
      .values({
        ...{ module: id, version, digest, use: module.use, roles: [...module.roles] },
        ...{ released_by: by, released_at: now },
      })
      .returning('place')
      .executeTakeFirstOrThrow();
    await sealRow(tx, keys.seals, 'training_releases', place);
    await append(tx, {
      ...{ kind: 'governance.module-released', at: now, actor: by, subjects: {} },
      facts: { module: id, version, digest },
    });
  });
}

/** Who put the present version of each module into force, newest first; what others wrote into the database is left out. */
export async function releasesInForce({
  db,
  keys,
}: Governed): Promise<readonly { readonly module: string; readonly by: string }[]> {
  const rows = await db
    .selectFrom('training_releases as r')
    .select(['r.module', 'r.digest', 'r.released_by as by', 'r.seal'])
    .select(sql<string>`governance_facts(r)`.as('facts'))
    .orderBy('r.place', 'desc')
    .execute();
  const present = new Map(trainingModules.map((module) => [module.id, moduleDigest(module)]));
  return rows.filter(
    ({ module, digest, facts, seal }) =>
      present.get(module) === digest && keys.seals.holds('training_releases', facts, seal),
  );
}

/** Who stands for a module towards a person: the last who put this version into force and is somebody else. */
async function releaserOf(governed: Governed, module: TrainingModule, person: string): Promise<string> {
  const releases = await releasesInForce(governed);
  const release = releases.find((one) => one.module === module.id && one.by !== person);
  if (release !== undefined) return release.by;
  throw new TidewaiterError(
    'E_TRAINING_MODULE',
    `Nobody but yourself has put version ${module.version} of ${module.id} into force`,
    'Ask somebody of AI governance or of the privacy or civil rights office to do so.',
  );
}

/**
 * Opens an attempt at a module: cases drawn from its pool, in an order of their own. One that is open is given again, so
 * that nobody draws until the cases please them.
 * @throws TidewaiterError `E_TRAINING_MODULE`.
 */
export async function openAttempt(
  governed: Governed,
  { id, person, now }: { readonly id: string; readonly person: string; readonly now: Date },
): Promise<Attempt> {
  const module = findModule(id);
  const digest = moduleDigest(module);
  await releaserOf(governed, module, person);
  return governed.db.transaction().execute(async (tx) => {
    // Two windows of one person open one attempt.
    await tx.selectFrom('people').select('id').where('id', '=', person).forNoKeyUpdate().execute();
    const open = await tx
      .selectFrom('training_attempts')
      .selectAll()
      .where('person_id', '=', person)
      .where('module', '=', id)
      .where('digest', '=', digest)
      .where('answered_at', 'is', null)
      .executeTakeFirst();
    if (open !== undefined) return open;
    const cases = shuffled(module.cases.map((one) => one.id)).slice(0, module.draws);
    return tx
      .insertInto('training_attempts')
      .values({
        ...{ id: randomUUID(), person_id: person, module: id, version: module.version, digest },
        ...{ cases, opened_at: now },
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

/** What came of an attempt, told to whoever made it. */
export interface Graded {
  readonly score: number;
  readonly of: number;
  readonly needed: number;
  readonly passed: boolean;
  /** When it must be passed again; only when passed. */
  readonly expires?: Date;
  readonly cases: readonly {
    readonly id: string;
    readonly given: string;
    readonly answer: string;
    readonly why: string;
  }[];
}

/**
 * Grades an attempt, once. Passing counts as training of the use, recorded in the name of who put the module into force.
 * @throws TidewaiterError `E_TRAINING_ATTEMPT`, `E_TRAINING_MODULE`, `E_GOVERNANCE`.
 */
export async function answerAttempt(
  governed: Governed,
  {
    attempt: id,
    person,
    answers,
    now,
  }: {
    readonly attempt: string;
    readonly person: string;
    readonly answers: Readonly<Record<string, string>>;
    readonly now: Date;
  },
): Promise<Graded> {
  const { db } = governed;
  return underRules(
    db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('training_attempts')
        .selectAll()
        .where('id', '=', id)
        .where('person_id', '=', person)
        .where('answered_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw noAttempt('You have no open attempt of that id');
      const module = findModule(row.module);
      if (moduleDigest(module) !== row.digest) throw noAttempt('The module changed since you began');
      const graded = grade(module, row, answers);
      const { score, passed } = graded;
      const expires = new Date(now);
      expires.setUTCMonth(expires.getUTCMonth() + module.validMonths);
      // On a connection of its own while the attempt is locked: recorded twice does no harm, lost would.
      if (passed)
        await recordTraining(governed, {
          ...{ personId: person, use: module.use, module: module.id, completedAt: now, expires, now },
          by: await releaserOf(governed, module, person),
        });
      await tx
        .updateTable('training_attempts')
        .set({ answers: JSON.stringify(answers), score, passed, answered_at: now })
        .where('id', '=', id)
        .execute();
      return { ...graded, ...(passed ? { expires } : {}) };
    }),
  );
}

function grade(module: TrainingModule, row: Attempt, answers: Readonly<Record<string, string>>): Graded {
  const choices = new Set(module.choices.map((one) => one.id));
  const cases = row.cases.map((id) => {
    const given = answers[id];
    const asked = module.cases.find((one) => one.id === id);
    if (asked === undefined) throw noAttempt('The module changed since you began');
    if (given === undefined || !choices.has(given))
      throw new TidewaiterError(
        'E_TRAINING_ATTEMPT',
        `The case ${id} has no answer of the list`,
        'Answer each case with one of the choices.',
      );
    return { id, given, answer: asked.answer, why: asked.why };
  });
  const score = cases.filter(({ given, answer }) => given === answer).length;
  const needed = passMark(module);
  return { score, of: cases.length, needed, passed: score >= needed, cases };
}

function noAttempt(message: string): TidewaiterError {
  return new TidewaiterError('E_TRAINING_ATTEMPT', message, 'Open the module again.');
}

/** In an order that nobody can foresee (Fisher and Yates). */
function shuffled<T>(list: readonly T[]): T[] {
  const cards = [...list];
  for (let last = cards.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [cards[last], cards[other]] = [cards[other] as T, cards[last] as T];
  }
  return cards;
}
