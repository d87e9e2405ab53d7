import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import type { Policy } from '../charters/policy.ts';
import type { Governed } from '../permits/seals.ts';
import { underRules } from '../rules.ts';
import { openQuestions, type DocumentContent, type DocumentKind } from './content.ts';
import { readFacts } from './facts.ts';
import { impactAssessment } from './impact-assessment.ts';
import { privacyThreshold } from './privacy-threshold.ts';
import type { UseDocumentVersionsTable } from './tables.ts';

export type DocumentVersion = Selectable<UseDocumentVersionsTable>;

interface By {
  readonly by: string;
  readonly now: Date;
}

const writers = {
  'privacy-threshold-analysis': privacyThreshold,
  'ai-impact-assessment': impactAssessment,
} as const;

/**
 * Writes the first version of a document from the charter and from what the platform knows.
 * @returns the id of the document.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`; a document that is there already is an error of the database.
 */
export async function writeDocument(
  { db, keys }: Governed,
  {
    registration: id,
    kind,
    policies,
    by,
    now,
  }: By & {
    readonly registration: string;
    readonly kind: DocumentKind;
    /** What its crosswalk goes by. */
    readonly policies: readonly Policy[];
  },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const registration = await tx
      .selectFrom('governance_registrations')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (registration === undefined)
      throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such registration', 'Check the id.');
    const content = writers[kind](await readFacts(tx, keys.seals, { registration, policies, now }));
    const document = randomUUID();
    await tx
      .insertInto('use_documents')
      .values({ id: document, registration_id: id, kind, version: 1 })
      .execute();
    await keepVersion(tx, { document, version: 1, content, by, now });
    return document;
  });
}

async function keepVersion(
  tx: DatabaseTransaction,
  {
    document,
    version,
    content,
    by,
    now,
  }: By & { readonly document: string; readonly version: number; readonly content: DocumentContent },
): Promise<void> {
  const digest = sha256(canonicalJson(content));
  await tx
    .insertInto('use_document_versions')
    .values({
      ...{ document_id: document, version, content: JSON.stringify(content), digest },
      ...{ author_id: by, at: now },
    })
    .execute();
  await append(tx, {
    ...{ kind: 'governance.document-written', at: now, actor: by, subjects: { document } },
    facts: { use: content.use, document: content.kind, version, digest },
  });
}

/** @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`. @param version the newest when absent. */
export async function readVersion(
  db: Database | DatabaseTransaction,
  document: string,
  version?: number,
): Promise<DocumentVersion> {
  let wanted = db.selectFrom('use_document_versions').selectAll().where('document_id', '=', document);
  if (version !== undefined) wanted = wanted.where('version', '=', version);
  const row = await wanted.orderBy('version', 'desc').limit(1).executeTakeFirst();
  if (row !== undefined) return row;
  throw new TidewaiterError(
    'E_GOVERNANCE_UNKNOWN',
    'There is no such document, or no such version',
    'Check the id.',
  );
}

interface Change extends By {
  readonly document: string;
  /** The version that was seen. */
  readonly seen: number;
}

/** Locks a document. @throws TidewaiterError `E_CHANGED`, `E_GOVERNANCE_UNKNOWN`. */
async function lockVersion(tx: DatabaseTransaction, { document, seen }: Change): Promise<DocumentVersion> {
  await tx.selectFrom('use_documents').select('id').where('id', '=', document).forUpdate().execute();
  const newest = await readVersion(tx, document);
  if (newest.version === seen) return newest;
  throw new TidewaiterError(
    'E_CHANGED',
    'Somebody wrote a newer version since you saw it',
    'Read it again, and decide whether your change still holds.',
  );
}

/**
 * Writes a new version with other answers. Each answer that is given is from then on that of the person who gave it.
 * @param answers by the id of the question; an empty text opens it again.
 * @returns the new version.
 * @throws TidewaiterError `E_CHANGED`, `E_DOCUMENT`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function editDocument(
  db: Database,
  change: Change & { readonly answers: Readonly<Record<string, string>> },
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { content, version } = await lockVersion(tx, change);
    const { answers, by, now, document } = change;
    const unknown = Object.keys(answers).find((id) => !content.answers.some((one) => one.id === id));
    if (unknown !== undefined)
      throw new TidewaiterError(
        'E_DOCUMENT',
        `The document has no question ${unknown}`,
        'Use the ids of its questions.',
      );
    const edited = content.answers.map((one) => {
      const text = answers[one.id]?.trim();
      if (text === undefined || text === one.text) return one;
      const source =
        text === '' ? ({ from: 'open' } as const) : { from: 'person' as const, by, at: now.toISOString() };
      return { ...one, text, source };
    });
    const next = version + 1;
    await keepVersion(tx, {
      ...{ document, version: next, content: { ...content, answers: edited }, by, now },
    });
    await tx
      .updateTable('use_documents')
      .set({ version: next, sealed_at: null })
      .where('id', '=', document)
      .execute();
    return next;
  });
}

/**
 * Signs the newest version off: its digest goes into the ledger. All questions are answered, and who seals it did not write it.
 * @throws TidewaiterError `E_CHANGED`, `E_DOCUMENT`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function sealDocument(db: Database, change: Change): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const {
        content,
        version,
        digest,
        sealed_at: sealed,
        author_id: author,
      } = await lockVersion(tx, change);
      const { document, by, now } = change;
      const open = openQuestions(content);
      if (open.length > 0)
        throw new TidewaiterError(
          'E_DOCUMENT',
          `${open.length} questions are open: ${open.map(({ id }) => id).join(', ')}`,
          'Answer all of them first.',
        );
      if (sealed !== null || author === by)
        throw new TidewaiterError(
          'E_DOCUMENT',
          sealed === null
            ? 'Nobody signs off what they wrote themselves'
            : 'This version is signed off already',
          sealed === null ? 'Ask somebody else of the office.' : 'Write a new version to change it.',
        );
      await tx
        .updateTable('use_document_versions')
        .set({ sealed_by: by, sealed_at: now })
        .where('document_id', '=', document)
        .where('version', '=', version)
        .execute();
      await tx.updateTable('use_documents').set({ sealed_at: now }).where('id', '=', document).execute();
      await append(tx, {
        ...{ kind: 'governance.document-sealed', at: now, actor: by, subjects: { document } },
        facts: { use: content.use, document: content.kind, version, digest },
      });
    }),
  );
}

/** Names of the people that a version names, by id. */
export async function namesIn(
  db: Database,
  { content, sealed_by: sealedBy, author_id: author }: DocumentVersion,
): Promise<Map<string, string>> {
  const ids = content.answers.flatMap(({ source }) => (source.from === 'person' ? [source.by] : []));
  const rows = await db
    .selectFrom('people')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set([...ids, author, ...(sealedBy === null ? [] : [sealedBy])])])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
