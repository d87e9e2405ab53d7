import { readdir } from 'node:fs/promises';
import { majorsIn } from '../cluster.ts';
import { findOldPrograms } from './old-programs.ts';

/** What the next start will make of the clusters in a folder. */
export type UpgradeOutlook =
  /** There is none yet. */
  | { readonly state: 'new' }
  /** The cluster is of this version. */
  | { readonly state: 'current' }
  /** It is moved from this older major version, whose `postgres` was found. */
  | { readonly state: 'ready'; readonly from: number; readonly programs: string }
  /** It is refused: older, and without programs that read it. */
  | { readonly state: 'no-programs'; readonly from: number }
  /** It is refused: newer. */
  | { readonly state: 'newer'; readonly from: number };

/** Looks and changes nothing. @param given folder of programs that an administrator named. */
export async function upgradeOutlook(
  folder: string,
  { major }: { readonly major: number },
  given: string | undefined,
): Promise<UpgradeOutlook> {
  const majors = await majorsIn(folder).catch((): number[] => []);
  const from = Math.max(...majors);
  if (majors.length === 0) return { state: 'new' };
  if (majors.includes(major)) return { state: 'current' };
  if (from > major) return { state: 'newer', from };
  const programs = await findOldPrograms(from, given);
  return programs === undefined ? { state: 'no-programs', from } : { state: 'ready', from, programs };
}

/** Names of folders that hold clusters as they were before an upgrade, which may be deleted. */
export async function keptClusters(folder: string): Promise<string[]> {
  return (await readdir(folder).catch((): string[] => [])).filter((name) => /^pg\d+\.old-/.test(name));
}
