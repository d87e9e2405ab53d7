/**
 * What this use of AI is for and what it must never do. Governance reads it; the command line shows it.
 */
export const charter = {
  use: 'redaction',
  title: 'Redaction of people, plates, screens, text and sound in video and pictures',
  purpose:
    'Find what a record shows of people and of sensitive matter, propose what to cover, and cover it so that it cannot be recovered, before the record leaves the agency.',
  /** The result of this use is less information, never more. */
  never: [
    'Recognise who a person is, or compare faces.',
    'Score or describe a person.',
    'Present an output as complete when a part of it could not be checked or drawn.',
    'Change the original.',
  ],
  decides: 'The person who releases the record. The plan lists every proposal and can be edited.',
  data: 'The file itself. Nothing is sent anywhere and nothing is kept but the output, the plan and the record; of a reviewed file also where things were seen, without the texts that were read, and what people decided.',
  impact: 'Rights-impacting when it fails: an uncovered face or plate in a released record.',
  measures: [
    'frame recall',
    'tracks with an exposed frame',
    'area covered outside the truth',
    'CPU per frame',
  ],
} as const;
