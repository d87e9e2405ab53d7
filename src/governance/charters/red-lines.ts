import type { Charter } from './charter.ts';
import type { Finding } from './finding.ts';
import type { Deed } from './words.ts';

/** What no use may do. There is no waiver and no setting: a charter that crosses one is refused, and so is its permit. */
export interface RedLine {
  readonly id: string;
  readonly says: string;
  /** Why this charter crosses it, or undefined. */
  readonly crossedBy: (charter: Charter) => string | undefined;
}

const doing =
  (...forbidden: Deed[]) =>
  ({ does }: Charter): string | undefined => {
    const found = does.filter((deed) => forbidden.includes(deed));
    return found.length > 0 ? `it does ${found.join(' and ')}` : undefined;
  };

/**
 * Outputs whose name alone says that a line is crossed, whatever `does` says.
 * @param ofPeople what only people have, so that nobody says it is not personal.
 * @param ofAnything what goods may have too.
 */
const naming =
  (ofPeople: RegExp, ofAnything: RegExp) =>
  ({ outputs }: Charter): string | undefined => {
    const found = outputs.filter(
      ({ name, personal }) => ofPeople.test(spaced(name)) || (personal && ofAnything.test(spaced(name))),
    );
    return found.length > 0 ? `it gives out ${found.map(({ name }) => name).join(', ')}` : undefined;
  };

const spaced = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase();

const either =
  (...tests: RedLine['crossedBy'][]) =>
  (charter: Charter): string | undefined => {
    for (const test of tests) {
      const reason = test(charter);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };

export const redLines: readonly RedLine[] = [
  {
    id: 'no-person-score',
    says: 'No scoring of the risk, emotion or honesty of a person',
    crossedBy: either(
      doing('score-person-risk', 'infer-emotion', 'infer-honesty'),
      naming(
        /\b((person|passenger|traveler|traveller|driver|subject|behaviou?r) (risk|threat|suspicion)|emotion|mood|honesty|deception|veracity|trustworthiness|criminality)\b/,
        /\b(risk score|threat score|suspicion|stress level)\b/,
      ),
    ),
  },
  {
    id: 'no-protected-inference',
    says: 'No protected attribute as what the AI finds out',
    crossedBy: doing('infer-protected-attribute'),
  },
  {
    id: 'no-sole-basis',
    says: 'AI output is never the sole basis of law or civil enforcement or of denying a benefit',
    crossedBy: ({ decides }) =>
      decides.inEnforcement === 'sole-basis'
        ? 'its output is to be the sole basis of enforcement'
        : undefined,
  },
  {
    id: 'person-decides',
    says: 'Only the decision of a person changes anything outside',
    crossedBy: either(
      doing('act-without-person'),
      ({ decides }) => (decides.personActs ? undefined : 'no person has to act'),
      ({ decides }) =>
        /\b(algorithm|model|system|software|automatic(ally)?|computer|ai)\b/i.test(decides.who) &&
        !/\b(officer|person|office|supervisor|analyst|operator|investigator|reviewer|privacy|staff)\b/i.test(
          decides.who,
        )
          ? `"${decides.who}" is no person`
          : undefined,
    ),
  },
  {
    id: 'no-indiscriminate-monitoring',
    says: 'No systemic, indiscriminate or large-scale monitoring or tracking of people',
    crossedBy: doing('monitor-indiscriminately'),
  },
  {
    id: 'search-needs-case',
    says: 'Search by plate, person, place and time across sites needs a case with authority',
    crossedBy: ({ does, inputs }) =>
      does.includes('search-across-sites') && !inputs.some(({ name }) => /^case(_?id|_?number)?$/i.test(name))
        ? 'it searches across sites without a case among its inputs (`case_id`)'
        : undefined,
  },
  {
    id: 'no-arrest-by-network',
    says: 'No network analysis names a person for arrest',
    crossedBy: doing('name-person-for-arrest'),
  },
  {
    id: 'no-officer-discipline',
    says: 'Measurements of officers are for training and load, not for discipline',
    crossedBy: doing('assess-officers-for-discipline'),
  },
  { id: 'no-evasion-help', says: 'No help for evasion', crossedBy: doing('advise-evasion') },
  {
    id: 'no-training-on-abuse',
    says: 'Nothing is trained on child-protection material',
    crossedBy: doing('train-on-child-protection-material'),
  },
];

export function checkRedLines(charter: Charter): Finding[] {
  return redLines.flatMap(({ id, says, crossedBy }) => {
    const reason = crossedBy(charter);
    if (reason === undefined) return [];
    return [
      {
        level: 'error' as const,
        rule: `red-line/${id}`,
        field: 'charter',
        message: `${says}: ${reason}`,
        remedy: 'Take it out of the use; no waiver exists for this.',
      },
    ];
  });
}
