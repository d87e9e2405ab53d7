import { builtInReasonTables, reasonTable, type ReasonTable } from '../reasons.ts';
import type { CoveredRegion, UsedReason } from './schema.ts';

/**
 * The reasons that regions name, each once and in the order of the code, with what the law says.
 * @param table looked in first; a plan that a person edited may name codes of a built-in table as well.
 */
export function usedReasons(covered: readonly CoveredRegion[], table?: ReasonTable): UsedReason[] {
  const tables = [
    ...(table === undefined ? [] : [table]),
    ...builtInReasonTables.map((id) => reasonTable(id)),
  ];
  const codes = new Set(covered.flatMap(({ reason }) => (reason === undefined ? [] : [reason])));
  return [...codes].sort().map((code) => {
    const known = tables.flatMap(({ reasons }) => reasons).find((reason) => reason.code === code);
    return known === undefined ? { code } : { code, basis: known.basis, text: known.text };
  });
}
