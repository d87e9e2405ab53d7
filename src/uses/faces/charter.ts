/**
 * What testing is for and what a test must never do; every report says so. It runs no model and decides nothing, so it is no use
 * of AI that governance would have to permit: it is what permits rest on. The groups of people in its data are there for the
 * test alone.
 */
export const charter = {
  use: 'faces',
  title: 'Testing of face recognition and face capture',
  purpose:
    'Tell from scores of comparisons how often a face matcher fails, whom it fails more often than others, and how sure that is.',
  never: [
    'Compare faces, or hold pictures or templates of them: a test reads scores.',
    'Say that a system passed or failed on fewer people than planned.',
    'Use the groups of a test for anything but the test.',
    'Serve as the only ground of a decision about a person.',
  ],
  decides:
    'The offices that review uses of face recognition decide. A report is evidence for them, never an approval.',
  data: 'A report holds counts and rates only, and no row of any person.',
} as const;
