import { z } from 'zod';

/** Boxes that an answer may have. */
export const MOST_DETECTIONS = 1000;

const finite = z.number().min(-1e9).max(1e9);
export const detectionSchema = z.strictObject({
  class: z.string().min(1).max(100),
  score: z.number().min(0).max(1),
  /** Left, top, width and height in pixels of the picture that was given. */
  box: z.tuple([finite, finite, finite.nonnegative(), finite.nonnegative()]),
});
export type AnsweredDetection = z.infer<typeof detectionSchema>;

const id = z.string().regex(/^[0-9a-f]{32}$/);
export const detectionAnswer = z.strictObject({
  type: z.literal('answer'),
  id,
  detections: z.array(detectionSchema).max(MOST_DETECTIONS),
});
export const comparisonAnswer = z.strictObject({ type: z.literal('answer'), id, score: finite });

/** What a process answered to one item, as it is kept. */
export const answerSchema = z.union([
  detectionAnswer.omit({ type: true }),
  comparisonAnswer.omit({ type: true }),
]);
export type Answer = z.infer<typeof answerSchema>;

export const answersSchema = z.strictObject({
  format: z.literal('tidewaiter-acceptance-answers-1'),
  answers: z.array(answerSchema),
});
