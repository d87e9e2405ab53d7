import type { TrainingModule } from '../module.ts';
import { sharedLessons } from './shared-lessons.ts';

export const redactionReview: TrainingModule = {
  id: 'redaction-review',
  version: 1,
  use: 'redaction',
  title: 'Reviewing proposed redactions',
  roles: ['officer', 'analyst', 'investigator', 'supervisor', 'privacy', 'admin'],
  draws: 8,
  passShare: 0.75,
  validMonths: 12,
  lessons: [
    {
      title: 'What the tool does, and what it does not',
      text: [
        'It proposes where faces, persons, license plates, screens, texts and voices are in a recording, and covers what you decide. It does not know who anybody is, and it does not know the law: which exemption applies is your decision.',
        'It misses things: faces that are small, turned away, behind glass or in mirrors; plates at an angle; names on clothes; what is seen for a few frames only. It also finds faces where there are none: patterns, posters, wheels.',
        'A finished output is looked through once more by the same detectors. They are blind where they were blind before. Only you look with other eyes.',
      ],
    },
    {
      title: 'Releasing cannot be taken back',
      text: [
        'A face that was covered by mistake costs a question. A face that was left open cannot be called back. When you cannot tell, cover it, or ask.',
        'Blur and pixels can sometimes be undone. For release use a solid cover.',
        'Covering what the law opens is wrong too: a public official acting in public, a street sign, a badge number that must be released. Write the reason beside each cover.',
        'Opt-out: a person may ask that their material is not used where the agency allows that. Look for a note in the case before you begin.',
      ],
    },
    ...sharedLessons,
  ],
  choices: [
    { id: 'cover', label: 'Cover it' },
    { id: 'leave', label: 'Leave it open' },
    { id: 'ask', label: 'Stop, and ask a supervisor or the privacy office' },
  ],
  cases: [
    {
      id: 'mirror',
      finding: 'Face, score 0.31, seen in 6 frames.',
      evidence: [
        'The box lies in the side mirror of a parked truck.',
        'Enlarged, eyes and mouth of the driver can be made out. He is not the requester.',
      ],
      answer: 'cover',
      why: 'A face in a mirror is a face. A low score says that the model is unsure, not that nobody is there.',
    },
    {
      id: 'hubcap',
      finding: 'Face, score 0.88, seen in 40 frames.',
      evidence: ['The box turns with the wheel of a car.', 'Enlarged, it is a hubcap with three holes.'],
      answer: 'leave',
      why: 'It is no face, whatever the score. Covering wheels hides what the law opens, and teaches nobody.',
    },
    {
      id: 'missed-child',
      finding: 'The check says: nothing left to cover.',
      evidence: [
        'Near the end a child runs through the picture for half a second.',
        'The face is sharp in two frames. There is no proposal for it.',
      ],
      answer: 'cover',
      why: 'The check uses the same detectors and misses the same things. What you see counts: add the region.',
    },
    {
      id: 'official-sign',
      finding: 'Text, score 0.97: a name.',
      evidence: [
        'The text is the name of a street on a public sign.',
        'No person or house can be told from it.',
      ],
      answer: 'leave',
      why: 'A street sign at a public place tells of no person. The machine sees that it is a name, not whose.',
    },
    {
      id: 'badge',
      finding: 'Text, score 0.9: the badge number of an officer.',
      evidence: [
        'The request asks for the conduct of this officer.',
        'The office of general counsel wrote in the case that badge numbers are to be released.',
      ],
      answer: 'leave',
      why: 'A person with authority decided it and wrote it down. Covering it against the note would withhold without a ground.',
    },
    {
      id: 'blur-for-release',
      finding: 'The profile covers a face with a light blur, for release to the public.',
      evidence: ['The face is large and stands still for 20 seconds.', 'The person is a witness.'],
      answer: 'cover',
      why: 'A weak blur over many frames can be undone. Cover it solid before it leaves the agency.',
    },
    {
      id: 'opt-out-note',
      finding: 'All regions are decided; the case is due today.',
      evidence: [
        'A note of last week says that a person in the recording asked that it not be processed.',
        'Nobody has answered the note.',
      ],
      answer: 'ask',
      why: 'A deadline does not answer an open request to opt out. The privacy office decides; extend the case.',
    },
    {
      id: 'enforcement-wish',
      finding: 'A colleague asks you to export the uncovered faces, to see who was there.',
      evidence: [
        'The charter of redaction says: never recognise who a person is.',
        'There is no case for that.',
      ],
      answer: 'ask',
      why: 'It is a purpose that the charter forbids. Do not do it, and report that it was asked.',
    },
    {
      id: 'tattoo',
      finding: 'Person, score 0.93. The face is covered by a proposal.',
      evidence: ['A large tattoo with a name is on the bare arm.', 'No proposal covers the arm.'],
      answer: 'cover',
      why: 'A tattoo can tell who somebody is as well as a face can. Models for faces do not look at arms.',
    },
    {
      id: 'poster',
      finding: 'Face, score 0.95, all through the clip.',
      evidence: [
        'It is the face of an actor on a film poster on the wall.',
        'The poster is sold to everybody.',
      ],
      answer: 'leave',
      why: 'The picture tells nothing of anybody who was there, and it is public. The model cannot tell a poster from a person.',
    },
  ],
};
