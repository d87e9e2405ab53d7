import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import { UNKNOWN_DESIGN_EFFECT, USUAL_LEVEL } from '../../stats/biometric/planner.ts';

const share = z.number().gt(0).lt(1);
const comparisonGoals = (perSubject: number) =>
  z
    .strictObject({
      perSubject: z.number().int().min(1).default(perSubject),
      designEffect: z.number().min(1).default(UNKNOWN_DESIGN_EFFECT),
    })
    .prefault({});

/** What a test must show, written before it is run. docs/face-testing.md explains each. */
export const testPlanSchema = z.strictObject({
  targetFmr: share.default(0.001),
  targetFnmr: share.default(0.03),
  ratio: z.number().gt(1).max(100).default(2),
  power: z.number().min(0.5).lt(1).default(0.8),
  alpha: z.number().gt(0).max(0.2).default(USUAL_LEVEL),
  mated: comparisonGoals(2),
  nonmated: comparisonGoals(200),
  replicates: z.number().int().min(1000).max(100_000).default(1000),
  seed: z.string().min(1).default('face-test'),
  simulated: z.boolean().default(false),
  transactionSeconds: z.number().gt(0).default(10),
  identification: z
    .strictObject({
      gallery: z.number().int().min(1),
      listLength: z.number().int().min(1),
      targetFpir: share.default(0.003),
    })
    .optional(),
});

export type TestPlan = z.infer<typeof testPlanSchema>;

/**
 * The plan in a YAML file, or the one that stands where nobody wrote one.
 * @param targetFmr stands above the file's.
 * @throws TidewaiterError `E_TEST_PLAN`.
 */
export async function readTestPlan(
  path: string | undefined,
  targetFmr: number | undefined,
): Promise<TestPlan> {
  const given: unknown = path === undefined ? {} : ((await parse(path)) ?? {});
  const parsed = check(
    testPlanSchema,
    targetFmr === undefined || typeof given !== 'object' ? given : { ...given, targetFmr },
  );
  if (parsed.success) return parsed.data;
  const { place, what } = misfitOf(parsed.error);
  throw planError(path ?? 'The plan', `does not fit: ${place === '' ? what : `${place}: ${what}`}`);
}

async function parse(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw planError(path, `cannot be read (${systemCode(error) ?? 'unknown reason'})`);
  }
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw planError(path, `is no YAML: ${fault.message.split('\n')[0] ?? ''}`);
  return document.toJS() as unknown;
}

function planError(path: string, what: string): TidewaiterError {
  return new TidewaiterError('E_TEST_PLAN', `${path} ${what}`, 'Write a plan as docs/face-testing.md shows.');
}
