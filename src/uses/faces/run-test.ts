import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import { version } from '../../core/version.ts';
import { readTest, type TestFiles } from './read/test-data.ts';
import { computeReport } from './report/compute.ts';
import { groupsCsv } from './report/groups-csv.ts';
import { writeFaceTestPdf } from './report/pdf.ts';
import type { TestPlan } from '../../governance/faces/plan.ts';
import type { FaceTestClaims, SignedFaceTest } from '../../governance/faces/schema.ts';
import { signReport } from '../../governance/faces/sign.ts';

export interface FaceTestJob {
  readonly files: TestFiles;
  readonly plan: TestPlan;
  /** As the tester names what was tested. */
  readonly tested: FaceTestClaims['tested'];
  /** Undefined for a report that nobody vouches for, and that says so. */
  readonly key: SigningKey | undefined;
  readonly now: Date;
}

/** Reads a test, computes all figures and signs them. @throws TidewaiterError as `readTest` and `computeReport`. */
export async function runFaceTest({ files, plan, tested, key, now }: FaceTestJob): Promise<SignedFaceTest> {
  const { data, inputs } = await readTest(files, plan);
  const claims: FaceTestClaims = {
    format: 'tidewaiter-face-test-1',
    tool: { name: 'tidewaiter', version },
    madeAt: now.toISOString(),
    tested,
    inputs,
    ...computeReport(data, plan),
  };
  return signReport(claims, key);
}

/** The files of a report, the one that is signed last. */
export const reportFiles = { groups: 'groups.csv', pdf: 'report.pdf', report: 'report.json' } as const;

/**
 * Writes a report into a folder; the names appear when all files are whole.
 * @throws TidewaiterError `E_OUTPUT_EXISTS` when a report is there already, `E_WRITE`.
 */
export async function writeReport(signed: SignedFaceTest, folder: string): Promise<void> {
  const contents: Record<string, string | Buffer> = {
    [reportFiles.groups]: groupsCsv(signed.claims),
    [reportFiles.pdf]: await writeFaceTestPdf(signed),
    [reportFiles.report]: `${canonicalJson(signed)}\n`,
  };
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw writeError(folder, error);
  });
  for (const name of Object.keys(contents))
    if ((await stat(join(folder, name)).catch(() => undefined)) !== undefined)
      throw new TidewaiterError('E_OUTPUT_EXISTS', `${join(folder, name)} exists`, 'Choose another folder.');
  const drafts = Object.keys(contents).map((name) => ({
    name,
    draft: join(folder, `.unfinished-${process.pid}-${name}`),
  }));
  try {
    for (const { name, draft } of drafts) await writeWhole(draft, contents[name] ?? '');
    for (const { name, draft } of drafts) await rename(draft, join(folder, name));
  } catch (error) {
    throw writeError(folder, error);
  } finally {
    await Promise.all(drafts.map(({ draft }) => rm(draft, { force: true })));
  }
}

async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function writeError(folder: string, cause: unknown): unknown {
  if (systemCode(cause) === 'ENOSPC' || systemCode(cause) === 'EDQUOT') return cause;
  return new TidewaiterError(
    'E_OUTPUT_FOLDER',
    `${folder} cannot be written to (${systemCode(cause) ?? 'unknown reason'})`,
    'Choose another folder with -o.',
    { cause },
  );
}
