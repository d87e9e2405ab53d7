import { TidewaiterError } from '../../../core/errors.ts';

/** Why an edit is refused. Each says what is wrong with which part. */
export const refusals = {
  unknown: (what: string) =>
    new TidewaiterError(
      'E_EDIT_UNKNOWN',
      `There is no ${what}`,
      'Load the review again and name what is there.',
    ),
  time: (why: string) =>
    new TidewaiterError(
      'E_EDIT_TIME',
      why,
      'Give times within the recording and the region, in their order.',
    ),
  place: (region: string) =>
    new TidewaiterError(
      'E_EDIT_PLACE',
      `The box of ${region} lies outside of the picture`,
      'Give x, y, width, height in pixels of the picture as displayed.',
    ),
  taken: (what: string) =>
    new TidewaiterError('E_EDIT_TAKEN', `${what} is there already`, 'Choose another name.'),
  needed: (what: string, by: string) =>
    new TidewaiterError('E_EDIT_NEEDED', `${what} cannot be changed so: ${by}`, 'Undo or change that first.'),
  model: (region: string) =>
    new TidewaiterError(
      'E_EDIT_MODEL',
      `${region} was proposed by a model, and proposals stay on record`,
      'Leave it visible instead of removing it.',
    ),
  reason: (code: string) =>
    new TidewaiterError(
      'E_EDIT_REASON',
      `${code} is not among the reasons of this review`,
      'Use a code of its table; a review without a table takes none.',
    ),
  merge: (why: string) => new TidewaiterError('E_EDIT_MERGE', why, 'Merge two tracks of one class.'),
  sound: () =>
    new TidewaiterError('E_EDIT_SOUND', 'A picture has no sound', 'Edit the sound of videos only.'),
  still: () =>
    new TidewaiterError(
      'E_FOLLOW_STILL',
      'A picture has nothing to be followed',
      'Follow boxes in videos only.',
    ),
  style: (style: string) =>
    new TidewaiterError(
      'E_STYLE_REVERSIBLE',
      `Style ${style} is not allowed by the profile of this review`,
      'Use solid, pixelate or blur.',
    ),
  undone: (edit: string, so: string) =>
    new TidewaiterError('E_EDIT_UNDONE', `The edit ${edit} ${so}`, 'Undo what stands, redo what was undone.'),
} as const;
