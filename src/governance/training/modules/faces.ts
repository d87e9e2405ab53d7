import type { TrainingModule } from '../module.ts';
import { sharedLessons } from './shared-lessons.ts';

export const faceTests: TrainingModule = {
  id: 'face-tests',
  version: 1,
  use: 'faces',
  title: 'Reading tests of face recognition, and deciding on what a matcher says',
  roles: ['officer', 'investigator', 'supervisor', 'privacy', 'civil-rights', 'ai-governance', 'admin'],
  draws: 8,
  passShare: 0.75,
  validMonths: 12,
  lessons: [
    {
      title: 'What a face matcher says, and what it does not',
      text: [
        'A matcher says how alike two pictures are. It does not say who somebody is. In a large gallery somebody alike is almost always found, whether or not the right person is in it.',
        'A false match rate of one in ten thousand means: in a gallery of ten thousand strangers, about one will match by chance, and more when the gallery is larger.',
        'Picture quality, light, age of the picture and pose change the result more than people think.',
      ],
    },
    {
      title: 'Rates for groups',
      text: [
        'Rates are measured for each group by itself, since a mean hides the worst case. Look at the worst group, and at the interval beside it.',
        'When a report says "not estimable", there were too few people to tell. It is neither a pass nor a fail: more people must be tested.',
        'Differences can come by chance when many groups are compared. The report corrects for that; your eye does not.',
      ],
    },
    {
      title: 'The right to say no',
      text: [
        'Where face capture is not for law enforcement, a citizen of the United States may opt out and is checked by hand. The service must be as fast and as kind, and no reason is asked.',
        'A match is a lead. No arrest, refusal or penalty rests on it alone. A test expires after 36 months at most, and the permit with it.',
      ],
    },
    ...sharedLessons,
  ],
  choices: [
    { id: 'rely', label: 'It may be used as a lead, with its error rate' },
    { id: 'no', label: 'No: it may not be used so' },
    { id: 'more', label: 'It cannot be told: more evidence or more people are needed' },
  ],
  cases: [
    {
      id: 'one-candidate',
      finding: 'A search in 2 million pictures gives one candidate above the threshold, score 0.93.',
      evidence: [
        'The tested false match rate at the threshold is 1 in 100,000.',
        'A detective wants an arrest on it.',
      ],
      answer: 'no',
      why: 'By chance alone about twenty of two million would match. And a match is never the sole basis of an arrest.',
    },
    {
      id: 'lead-with-document',
      finding: 'One-to-one comparison with a passport: match at a tested threshold.',
      evidence: [
        'The test is eight months old and passed in each group.',
        'An officer also checked the document and asked questions.',
      ],
      answer: 'rely',
      why: 'It is one part beside evidence that stands by itself, with an error rate that is known.',
    },
    {
      id: 'ten-people',
      finding: 'A report: no false match in a group of 10 people.',
      evidence: ['The seller says: zero errors, so it is fair.', 'The upper end of the interval is 31 %.'],
      answer: 'more',
      why: 'No error among ten people says almost nothing. The report must say "not estimable" and name the number needed.',
    },
    {
      id: 'opt-out-slow',
      finding: 'A traveler who is a citizen opts out at a gate that is not for law enforcement.',
      evidence: ['The agent says: then you will wait an hour.', 'Others pass in a minute.'],
      answer: 'no',
      why: 'Opting out must not be punished by slower service. Check by hand at once and report the delay.',
    },
    {
      id: 'expired',
      finding: 'A match by a matcher whose last test was 40 months ago.',
      evidence: ['The model did not change since.', 'The seller vouches for it.'],
      answer: 'no',
      why: 'A test ends after 36 months at most, and the permit with it. People, cameras and light have changed.',
    },
    {
      id: 'mean-only',
      finding: 'A report gives one error rate over all people, 0.4 %.',
      evidence: [
        'Groups were recorded, but no table by group is in the report.',
        'Its author says the mean is what counts.',
      ],
      answer: 'more',
      why: 'A mean hides the worst group. Ask for the table by group, with intervals.',
    },
    {
      id: 'dark-picture',
      finding: 'Match, score just above the threshold.',
      evidence: [
        'The probe is a dark frame from far above.',
        'The test used pictures from a lane, in good light.',
      ],
      answer: 'more',
      why: 'The tested rate does not hold for pictures unlike those of the test. A trained examiner and other evidence are needed.',
    },
    {
      id: 'two-worse',
      finding:
        'In one group the false match rate is twice that of the others; the corrected test says it is no chance.',
      evidence: [
        'The overall rate meets the goal.',
        'The operating office wants to deploy at the same threshold.',
      ],
      answer: 'no',
      why: 'A difference that is established is not covered by a good mean. It goes back to the offices.',
    },
    {
      id: 'confirmed-lead',
      finding: 'A search gives a candidate, and an examiner agrees after a blind comparison.',
      evidence: [
        'Fingerprints, taken for other reasons, are of the same person.',
        'The record names the match as a lead.',
      ],
      answer: 'rely',
      why: 'Fingerprints stand apart from the matcher, and the match is labelled as what it is.',
    },
    {
      id: 'scores-of-mood',
      finding: 'An add-on says whether the face of a traveler looks nervous.',
      evidence: ['It costs nothing.', 'It is not part of any charter.'],
      answer: 'no',
      why: 'Scoring the mood of a person is a red line that no office can waive.',
    },
  ],
};
