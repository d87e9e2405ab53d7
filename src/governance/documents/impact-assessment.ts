import type { DocumentContent } from './content.ts';
import {
  crosswalkTable,
  fieldsTable,
  measuresTable,
  signOffsTable,
  testsTable,
  type UseFacts,
} from './facts.ts';
import { contentOf, fromCharter, fromPlatform, open } from './questions.ts';

const sections = {
  purpose: 'A. Purpose and expected benefit',
  data: 'B. Quality of data and capability of the model',
  impacts: 'C. Potential impacts',
  again: 'D. Reassessment',
  costs: 'E. Costs',
  review: 'F. Independent review',
  risk: 'G. Acceptance of risk',
};

const impactWords = {
  'high-impact': 'Yes, high-impact',
  'presumed-but-not': 'Presumed high-impact, but not high-impact',
  'not-high-impact': 'No, not high-impact',
} as const;

/** The elements of an AI impact assessment for high-impact AI: OMB M-25-21, appendix, section 4(b)(ii). */
export function impactAssessment(facts: UseFacts): DocumentContent {
  const { charter, models } = facts.registration;
  const { purpose, data, impacts, again, costs, review, risk } = sections;
  // Permits go by the newest test of each kind of each model.
  const newest = new Map(facts.tests.toReversed().map((test) => [`${test.kind} ${test.model_digest}`, test]));
  const earliest = [...newest.values()].map(({ expires }) => expires.getTime()).toSorted((a, b) => a - b)[0];
  return contentOf('ai-impact-assessment', facts, {
    sections: Object.values(sections),
    answers: [
      fromCharter(
        'purpose',
        purpose,
        'What is the AI for, and which problem does it solve?',
        charter.purpose,
        charter.inventory.problem,
      ),
      fromCharter('benefit', purpose, 'What benefit is expected?', charter.inventory.benefits),
      fromCharter(
        'class',
        purpose,
        'Is the use high-impact, and why?',
        `${impactWords[charter.impact.class]}. ${charter.impact.reason}`,
      ),
      open('alternatives', purpose, 'Why is AI better suited than other ways to reach the goal?'),
      fromCharter('data', data, 'What data were the models trained and measured on?', charter.inventory.data),
      fromCharter(
        'fit',
        data,
        'What do the models do, and in which range of thresholds?',
        ...charter.models.map(({ id, task }) => {
          const range = models.find((model) => model.id === id)?.threshold;
          return range === undefined
            ? `${id}: ${task}`
            : `${id}: ${task}, thresholds ${range[0]} to ${range[1]}`;
        }),
      ),
      open('data-gaps', data, 'Whom or what do the data represent badly, and what follows from that?'),
      fromCharter(
        'decides',
        impacts,
        'Who decides, and what may an output be in a record of enforcement?',
        `${charter.decides.who}: ${charter.decides.what}`,
        `In enforcement: ${charter.decides.inEnforcement.replaceAll('-', ' ')}. The platform refuses a record of enforcement that rests on AI alone; no waiver exists.`,
      ),
      open(
        'impacts',
        impacts,
        'What are the impacts on privacy, civil rights and civil liberties, and on whom?',
      ),
      fromCharter('never', impacts, 'What is it never used for?', ...charter.never),
      open(
        'mitigation',
        impacts,
        'How are the impacts made smaller, and how are people told and heard (remedy, appeal, opt-out)?',
      ),
      fromPlatform(
        'failsafe',
        impacts,
        'What happens when it fails, and how is it stopped?',
        'A model runs only under a signed permit whose lease lasts five seconds. One button suspends the use everywhere; a failed re-test presses it by itself.',
      ),
      fromPlatform(
        'retest',
        again,
        'When do the tests on record end?',
        ...(earliest === undefined
          ? ['No test is on record yet.']
          : [
              `The first ends on ${new Date(earliest).toISOString().slice(0, 10)}. Then the permit stops by itself.`,
            ]),
      ),
      open(
        'reassess',
        again,
        'How often, and after which changes, is this assessment made again, and by whom?',
      ),
      open(
        'costs',
        costs,
        'What does the AI cost over its life, and how does that compare with its benefit?',
      ),
      open('reviewer', review, 'Who, not involved in the development, reviewed it, and what did they find?'),
      fromPlatform(
        'lacks',
        review,
        'What stands between the use and a permit?',
        ...(facts.lacks.length === 0 ? ['Nothing: a permit may be issued.'] : facts.lacks),
      ),
      open('acceptance', risk, 'Which risks remain, and who accepts them with which reason?'),
    ],
    tables: [
      measuresTable(facts, purpose),
      fieldsTable(facts, data),
      testsTable(facts, data),
      crosswalkTable(facts, impacts, /^(?!eo-)/),
      signOffsTable(facts, review),
    ],
  });
}
