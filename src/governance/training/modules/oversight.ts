import type { TrainingModule } from '../module.ts';
import { sharedLessons } from './shared-lessons.ts';

export const oversightOffices: TrainingModule = {
  id: 'oversight-offices',
  version: 1,
  use: 'oversight',
  title: 'Overseeing uses of AI',
  roles: ['supervisor', 'privacy', 'civil-rights', 'ai-governance', 'admin'],
  draws: 8,
  passShare: 0.75,
  validMonths: 12,
  lessons: [
    {
      title: 'What the software enforces, and what only you can',
      text: [
        'It stops a model that has no permit, an expired test, or a use that is suspended. It refuses a record of enforcement that rests on AI alone. It cannot tell whether a charter is honest, a purpose is just, or a reason is good.',
        'You sign for your own office, never for two, and never for work that you wrote. A signature that you would not defend in public is one that you return with a reason.',
        'A waiver is written for one use at one site, ends by itself, and OMB is told within 30 days. Red lines, sign-offs and the rule on enforcement cannot be waived.',
      ],
    },
    {
      title: 'Reading figures about people',
      text: [
        'How often reviewers override the machine when it is wrong tells whether a queue is watched by people or only by clicks. Look at the interval before you look at the figure.',
        'Figures of single persons are shown to that person only. They are for training and load. Do not ask for lists of names, and do not rank anybody.',
        'When few override, look for causes in the work first: load, time, how a finding is shown, how often it is right.',
      ],
    },
    ...sharedLessons,
  ],
  choices: [
    { id: 'sign', label: 'Sign, or let it go on' },
    { id: 'return', label: 'Return or refuse it, with a reason' },
    { id: 'suspend', label: 'Suspend the use at once' },
  ],
  cases: [
    {
      id: 'own-charter',
      finding: 'You are asked to sign for your office a charter that you helped to write.',
      evidence: ['Nobody else of your office is there today.', 'The pilot is to begin tomorrow.'],
      answer: 'return',
      why: 'Nobody signs their own work. A day lost is no ground.',
    },
    {
      id: 'complete-charter',
      finding:
        'A charter names purpose, law, fields, models by digest, measures and retention; tests passed last month.',
      evidence: [
        'The groups of the test are large enough.',
        'No protected field, no proxy beyond the bound.',
      ],
      answer: 'sign',
      why: 'What your office asks for is there, current, and can be checked.',
    },
    {
      id: 'zip-code',
      finding: 'A charter adds the ZIP code of the owner to a model that proposes inspections.',
      evidence: ['It is declared as a proxy for ethnicity.', 'The test of the proxy says: not estimable.'],
      answer: 'return',
      why: 'What cannot be shown to lie within the bound is blocked. The field goes, or a better test comes.',
    },
    {
      id: 'drift',
      finding: 'False alerts of a lane doubled within a week, beyond the bound of the charter.',
      evidence: ['People are sent to secondary inspection because of them.', 'The cause is not known.'],
      answer: 'suspend',
      why: 'People bear the fault while the cause is looked for. Suspend, find the cause, lift it with a reason.',
    },
    {
      id: 'waiver-no-end',
      finding: 'A request to waive the test of a use for all sites, without an end.',
      evidence: ['The reason is one line: operational need.', 'The use is high-impact.'],
      answer: 'return',
      why: 'A waiver is for one site, in writing with a risk assessment, and ends within a year.',
    },
    {
      id: 'name-list',
      finding: 'A manager asks for the override rate of each reviewer by name, for their yearly appraisals.',
      evidence: ['He says it would raise quality.', 'Reviewers were told that the measure is for training.'],
      answer: 'return',
      why: 'Measures of officers are for training and load, not for discipline. Only sums of five people or more are shown.',
    },
    {
      id: 'ai-alone',
      finding: 'A field office penalised 12 importers; the only evidence was the score of a model.',
      evidence: ['The records came in by an import of another system.', 'The use still runs.'],
      answer: 'suspend',
      why: 'Enforcement on AI alone is forbidden without exception. Stop the use, and have the cases reviewed.',
    },
    {
      id: 'new-model-version',
      finding: 'The seller replaced a model by a newer one with the same name.',
      evidence: ['Its digest differs from that of the permit.', 'Its own tests look better than before.'],
      answer: 'return',
      why: 'A permit is for a digest. The new one is registered, tested and signed like any other.',
    },
    {
      id: 'few-overrides',
      finding: 'In a queue 3 of 40 wrong seeded findings were overridden.',
      evidence: [
        'Reviewers decide about one finding every nine seconds.',
        'The findings cover people in a release to the public.',
      ],
      answer: 'suspend',
      why: 'Nobody really looks, and what is wrong goes out. Stop the queue, reduce the load, train again; blame nobody.',
    },
    {
      id: 'renewed-test',
      finding: 'The yearly re-test of a model passed, with tables by group and a signed report.',
      evidence: ['The digest of the model is that of the permit.', 'No group is worse than before.'],
      answer: 'sign',
      why: 'The evidence is new, complete and of the model that runs.',
    },
  ],
};
