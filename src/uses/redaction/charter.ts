import type { Charter } from '../../governance/charters/charter.ts';

/** What this use of AI is for and what it must never do. Governance reads it; the command line shows it. */
export const charter: Charter = {
  schema: 1,
  use: 'redaction',
  revision: 3,
  title: 'Redaction of people, plates, screens, text and sound in video and pictures',
  purpose:
    'Find what a record shows of people and of sensitive matter, propose what to cover, and cover it so that it cannot be recovered, before the record leaves the agency.',
  publicSummary:
    'Before the agency releases a video or a picture, software proposes where faces, license plates, screens, text and voices are. A person looks at the proposals, changes them, and decides what is covered and released. The software does not recognise who a person is.',
  stage: 'pre-deployment',
  authority: [
    {
      citation: '5 U.S.C. 552(b)',
      allows:
        'Withholding what an exemption of the Freedom of Information Act names, and releasing the rest.',
    },
    { citation: '5 U.S.C. 552a(b)', allows: 'Disclosing records of persons only as the Privacy Act allows.' },
  ],
  does: ['detect-objects', 'detect-faces', 'read-text', 'track-objects-at-one-site'],
  decides: {
    who: 'The person who releases the record',
    what: 'What is covered, and whether the record is released. The plan lists every proposal and can be edited.',
    personActs: true,
    inEnforcement: 'nothing',
  },
  inputs: [
    {
      name: 'recording',
      meaning: 'The pictures and the sound of the file that is to be released.',
      personal: true,
      source: 'The record that was asked for. The original is never changed.',
      flows: ['used'],
    },
    {
      name: 'settings',
      meaning: 'Profile, classes to cover, reasons and spans that a person chose.',
      personal: false,
      source: 'The person who redacts.',
      flows: ['used'],
    },
  ],
  outputs: [
    {
      name: 'proposals',
      meaning: 'Where something to cover is, when, of which class, and with which score.',
      personal: true,
      to: 'The person who redacts',
    },
    {
      name: 'redacted_copy',
      meaning: 'The recording with what was decided to be covered, covered.',
      personal: true,
      to: 'Whoever the agency releases it to',
    },
    {
      name: 'record',
      meaning: 'What was done, by which models and by whom, without the texts that were read.',
      personal: false,
      to: 'The agency',
    },
  ],
  models: [
    { id: 'coco-ssdlite-int8', task: 'Persons, vehicles, screens and other things' },
    { id: 'mediapipe-face-full', task: 'Faces' },
    { id: 'ultraface-rfb-320', task: 'Small faces' },
    { id: 'ppocr-v4-det-int8', task: 'Where text is' },
    { id: 'ppocr-v4-rec', task: 'Whether text is a plate, a number or a name' },
  ],
  impact: {
    class: 'high-impact',
    reason:
      'An uncovered face or plate in a released record cannot be called back, so the use is held to the practices for high-impact AI although a person decides on each release.',
  },
  measures: [
    {
      name: 'faces covered',
      unit: 'share of faces in frames',
      atLeast: 0.97,
      how: 'Scenes with known truth, `tidewaiter redact evaluate`, with a 95 % interval over persons.',
    },
    {
      name: 'faces with an exposed frame',
      unit: 'share of faces, upper 95 % bound',
      atMost: 0.03,
      how: 'The same scenes, profile `thorough`.',
    },
    { name: 'exposed run', unit: 'frames, longest', atMost: 2, how: 'The same scenes, profile `thorough`.' },
  ],
  // The platform keeps no score of a redaction, but whether the second person approves a submitted review or returns it. With
  // less than three of five approved, beyond doubt, proposals cost more work than they save and exposed faces reach reviewers.
  drift: { days: 30, sample: 50, confirmed: 0.6 },
  never: [
    'Recognise who a person is, or compare faces.',
    'Score or describe a person.',
    'Present an output as complete when a part of it could not be checked or drawn.',
    'Change the original.',
  ],
  retention: [
    {
      record: 'The original recording',
      schedule: "the agency's own schedule for that recording",
      keep: 'As that schedule says; redaction changes nothing.',
    },
    {
      record: 'Redacted copy, plan, exemption log and record of a request',
      schedule: 'GRS 4.2 item 020',
      keep: '6 years after final agency action or 3 years after final adjudication, whichever is later.',
    },
    {
      record: 'Frames and proposals made on the way',
      schedule: 'GRS 5.2 item 020',
      keep: 'Until the release is final; frames in memory only.',
    },
    {
      record: 'Who looked at and changed what',
      schedule: 'GRS 3.2 item 031',
      keep: '6 years after the account ends.',
    },
  ],
  inventory: {
    topic: 'Law Enforcement',
    classification: 'Computer Vision',
    problem:
      'Requests for video wait for months because people cover faces, plates and screens frame by frame.',
    benefits:
      'Shorter waits for records that the law opens, fewer exposed bystanders, and hours of staff returned to review.',
    development: 'In-house Development',
    customCode: true,
    data: 'Models are public ones that were not trained or adjusted here. They are measured on rendered scenes with known truth and on public clips; nothing of the agency is used.',
  },
  evidence: [],
  waivers: [],
};
