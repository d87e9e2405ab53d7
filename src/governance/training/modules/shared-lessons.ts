import type { TrainingModule } from '../module.ts';

/** What holds for every use of AI here. */
export const sharedLessons: TrainingModule['lessons'] = [
  {
    title: 'Why people agree too easily',
    text: [
      'A machine that is right nine times out of ten teaches us to stop looking. This is called automation bias. It grows when we are tired, hurried, or when a score looks high.',
      'Two habits help. First look at the evidence, then at the score. And ask: what would I see if the machine were wrong?',
      'A high score says how sure the model is, not how sure you may be. It knows nothing of light, dirt, mirrors, posters or anything it was not built for.',
      'Now and then a finding is put into the queue on purpose, to see whether people still look. You are told after you decided. It counts for training and for load, never against you.',
    ],
  },
  {
    title: 'The red lines',
    text: [
      'Nothing here scores the risk, mood or honesty of a person. No race, ethnicity, religion, sex, gender, orientation, medical condition or disability may go into a decision, and nothing that stands for one of them.',
      'What a machine says is never the only ground of an enforcement action or of a refusal of a benefit. There must be evidence that would be there without the machine, and a second person. No waiver exists.',
      'Nobody is followed from place to place without a case and its authority.',
    ],
  },
  {
    title: 'How to override, stop and report',
    text: [
      'Override: decide against the finding and write one sentence that says what you saw. Nobody needs a permission for that, and there is no target for agreeing.',
      'Stop: a supervisor or an oversight office can suspend a use at once. Tell them what you saw, with the number of the finding. If you are not sure, say so.',
      'Report: something that looks unfair, a wrong result that repeats, or pressure to agree goes to the privacy or civil rights office. You need not go through your own line.',
    ],
  },
];
