import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import { answersSchema } from './answers.ts';
import { labText, openSeal, readLabChain, submissionFile } from './lab.ts';
import { holds } from '../signed-claims.ts';
import { parseFile, signedReport, type ReportClaims } from './signed.ts';
import { figures } from './submit.ts';

/** A submission and whether its report follows from what was kept. */
export interface CheckedSubmission {
  readonly vendor: string;
  /** Absent when the run did not come to its end. */
  readonly claims?: ReportClaims;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Computes every report of a lab again, from the set, the salt and the answers that were kept.
 * @param key of the lab; without it, signatures are checked by the keys that the files name.
 * @throws TidewaiterError `E_ACCEPT_SEAL`, `E_ACCEPT_FILE`, `E_NOT_FOUND`.
 */
export async function checkLab(lab: string, key?: KeyObject): Promise<CheckedSubmission[]> {
  const sealed = await openSeal(lab);
  const entries = await readLabChain(lab);
  const vendors = entries.flatMap(({ files }) => files['claim']?.file.replace('.claim.json', '') ?? []);
  const whole = new Set(entries.flatMap(({ files }) => files['report']?.file ?? []));
  const sealProblems = holds(sealed.commitment, key) ? [] : ['the set was not committed to with this key'];
  const checked: CheckedSubmission[] = [];
  for (const vendor of vendors) {
    const name = submissionFile(vendor, 'report');
    if (!whole.has(name)) {
      checked.push({ vendor, problems: ['the run did not come to its end'] });
      continue;
    }
    const report = parseFile(signedReport, await labText(lab, name), name);
    const text = await labText(lab, submissionFile(vendor, 'answers'));
    const { answers } = parseFile(answersSchema, text, submissionFile(vendor, 'answers'));
    const { claims } = report;
    const again = { ...claims, ...figures(sealed, vendor, { answers, fault: claims.fault }, sha256(text)) };
    const differing = Object.keys(again).filter(
      (part) =>
        canonicalJson(claims[part as keyof ReportClaims]) !==
        canonicalJson(again[part as keyof ReportClaims]),
    );
    const problems = [
      ...sealProblems,
      ...(holds(report, key) ? [] : ['the report is not signed with the key of the lab']),
      ...(canonicalJson(claims.set) === canonicalJson(sealed.commitment.claims)
        ? []
        : ['the report is of another set']),
      ...differing.map((part) => `${part} does not follow from the answers`),
    ];
    checked.push({ vendor, claims, problems });
  }
  return checked;
}
