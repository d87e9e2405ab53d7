import { lacksOf, offices, type Office } from '../permits/offices.ts';
import { countedWord, forgedNames, type Governed } from '../permits/seals.ts';

/** Where an office stands with a version of a use. */
export interface OfficeState {
  readonly office: Office;
  readonly state: 'waiting' | 'signed' | 'returned';
  /** Of its newest word. */
  readonly person: string | null;
  readonly reason: string | null;
  readonly at: string | null;
}

/** A version of a use that the offices review. */
export interface UseToReview {
  readonly registration: string;
  readonly use: string;
  readonly version: number;
  readonly title: string;
  readonly impact: string;
  readonly author: string;
  readonly registeredAt: string;
  readonly offices: OfficeState[];
  /** What the charter says in answer to the questions that a reviewer has. */
  readonly questions: { readonly question: string; readonly answer: string }[];
  readonly evidence: {
    readonly kind: string;
    readonly what: string;
    readonly where: string;
    readonly expires: string | null;
  }[];
  readonly lacks: string[];
}

/** The newest version of each use on which an office has not signed, or that lacks something; oldest first. */
export async function usesToReview({ db, keys }: Governed, now: Date): Promise<UseToReview[]> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('governance_registrations')
      .distinctOn('use')
      .selectAll()
      .orderBy('use')
      .orderBy('version', 'desc')
      .limit(200)
      .execute();
    const forged = await forgedNames(tx, keys.seals);
    const views: UseToReview[] = [];
    for (const { charter, ...row } of rows) {
      const lacks = await lacksOf(tx, keys.seals, { registration: row.id, site: '*', now });
      if (lacks.length === 0) continue;
      const said = await tx
        .selectFrom('governance_sign_offs')
        .distinctOn('office')
        .selectAll()
        .where('registration_id', '=', row.id)
        .where(countedWord(forged))
        .orderBy('office')
        .orderBy('place', 'desc')
        .execute();
      const { decides, never, inputs, authority, evidence } = charter;
      const answers: [string, string][] = [
        ['What is it for?', charter.purpose],
        ['Which law allows it?', authority.map(({ citation, allows }) => `${citation}: ${allows}`).join(' ')],
        ['Who decides, and what?', `${decides.who}: ${decides.what}`],
        ['What may follow in enforcement?', decides.inEnforcement],
        [
          'What personal data does it take in?',
          inputs
            .filter(({ personal }) => personal)
            .map(({ name }) => name)
            .join(', '),
        ],
        ['Why is its impact what it says?', charter.impact.reason],
        ['What must it never do?', never.join(' ')],
      ];
      views.push({
        ...{ registration: row.id, use: row.use, version: row.version, title: charter.title },
        ...{
          impact: row.impact,
          author: row.author_id,
          registeredAt: row.registered_at.toISOString(),
          lacks,
        },
        offices: offices.map((office) => {
          const word = said.find((one) => one.office === office);
          return {
            ...{ office, state: word?.verdict ?? ('waiting' as const), person: word?.person_id ?? null },
            ...{ reason: word?.reason ?? null, at: word?.at.toISOString() ?? null },
          };
        }),
        questions: answers.map(([question, answer]) => ({
          question,
          answer: answer === '' ? 'None.' : answer,
        })),
        evidence: evidence.map((one) => ({
          ...{ kind: one.kind, what: one.what, where: one.where, expires: one.expires ?? null },
        })),
      });
    }
    return views.sort((a, b) => a.registeredAt.localeCompare(b.registeredAt));
  });
}
