import type { DocumentContent } from './content.ts';
import { fieldsTable, retentionTable, type UseFacts } from './facts.ts';
import { contentOf, fromCharter, fromPlatform, open } from './questions.ts';

const sections = {
  what: 'The project',
  data: 'Information about people',
  sharing: 'Access and sharing',
  keeping: 'Notice and retention',
  decision: 'Determination of the Privacy Office',
};

/** The usual questions of a DHS privacy threshold analysis, answered as far as the charter and the platform can. */
export function privacyThreshold(facts: UseFacts): DocumentContent {
  const { charter } = facts.registration;
  const personal = charter.inputs.filter((field) => field.personal);
  const names = personal.map(({ name }) => name).join(', ');
  const { what, data, sharing, keeping, decision } = sections;
  return contentOf('privacy-threshold-analysis', facts, {
    sections: Object.values(sections),
    answers: [
      open('component', what, 'Which component and office own the project, and who is its manager?'),
      fromCharter(
        'purpose',
        what,
        'What is the project, and what is it for?',
        charter.purpose,
        charter.publicSummary,
      ),
      fromCharter(
        ...(['status', what, 'Is it new, a change, or a renewal, and at what stage is it?'] as const),
        `Revision ${charter.revision} of the charter, stage: ${charter.stage}.`,
        charter.operational === undefined ? 'It is not in use yet.' : `In use since ${charter.operational}.`,
      ),
      fromCharter(
        ...(['authority', what, 'Which law or regulation allows it?'] as const),
        ...charter.authority.map(({ citation, allows }) => `${citation}: ${allows}`),
      ),
      fromCharter(
        ...([
          'technology',
          what,
          'Does it use AI, biometrics, or other technology that is sensitive for privacy?',
        ] as const),
        `AI does this: ${charter.does.map((deed) => deed.replaceAll('-', ' ')).join(', ')}.`,
        `Models: ${charter.models.map(({ id, task }) => `${id} (${task})`).join('; ') || 'none'}.`,
      ),
      fromCharter(
        ...(['pii', data, 'Does it collect, use, keep or pass on information about people?'] as const),
        personal.length === 0 ? 'No field that it takes in tells of a person.' : `Yes: ${names}.`,
      ),
      open('whom', data, 'Whose information is it: the public, travelers, employees, contractors?'),
      open(
        'ssn',
        data,
        'Does it collect or use Social Security numbers or parts of them, and under what authority?',
      ),
      fromCharter(
        ...(['sources', data, 'Where does the information come from?'] as const),
        ...charter.inputs.map(({ name, source, flows }) => `${name}: ${source} (${flows.join(', ')})`),
      ),
      fromPlatform(
        ...([
          'protected',
          data,
          'Are protected attributes, or fields that stand for them, among the data?',
        ] as const),
        ...protectedWords(facts),
      ),
      fromCharter(...(['never', data, 'What is the information never used for?'] as const), ...charter.never),
      fromCharter(
        ...([
          'recipients',
          sharing,
          'Who receives what it gives out, inside and outside of the Department?',
        ] as const),
        ...charter.outputs.map(({ name, to }) => `${name}: ${to}`),
      ),
      fromPlatform(
        ...(['access', sharing, 'Who has access, and how is it controlled and logged?'] as const),
        'People sign in with a second factor and hold roles at single sites. Views, decisions, exports and changes are in a ledger that cannot be changed unseen.',
        'Content is sealed with a key for each item; erasing the key erases the item.',
      ),
      open(
        'connections',
        sharing,
        'Which other systems does it exchange information with, under which agreement?',
      ),
      fromCharter(
        ...([
          'ato',
          sharing,
          'Under which authorization to operate does it run, and what is its FIPS 199 category?',
        ] as const),
        ...(charter.inventory.atoSystem === undefined ? [] : [charter.inventory.atoSystem]),
      ),
      open(
        'notice',
        keeping,
        'How are people told, and how can they see, correct or refuse the use of their information?',
      ),
      open(
        'sorn',
        keeping,
        'Which system of records notice (SORN) covers it, if information is retrieved by a name or number?',
      ),
      fromCharter(
        ...(['pia', keeping, 'Is there a privacy impact assessment that covers it?'] as const),
        ...(charter.inventory.piaUrl === undefined ? [] : [charter.inventory.piaUrl]),
      ),
      open('determination', decision, 'Is it privacy sensitive? Is a PIA or SORN required, new or updated?'),
      open(
        'conditions',
        decision,
        'Conditions, and when must this analysis be renewed (three years at most)?',
      ),
    ],
    tables: [fieldsTable(facts, data), retentionTable(facts, keeping)],
  });
}

function protectedWords({ judgement }: UseFacts): string[] {
  const found = judgement.findings.filter(({ rule }) => /^(protected|proxy)\//.test(rule));
  if (found.length === 0)
    return ['None was found among the fields of the charter, by name or as a declared proxy.'];
  return found.map(({ rule, message }) => `${rule}: ${message}`);
}
