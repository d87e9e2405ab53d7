import type { ColumnType } from 'kysely';

/** Filled later, once; see the triggers of the step that made the tables. */
type Later<T> = ColumnType<T | null, never, T>;

export interface EnforcementRecordsTable {
  readonly id: string;
  readonly site_id: string;
  readonly case_id: string;
  readonly action: string;
  readonly authority: string;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  confirmed_by: Later<string>;
  confirmed_at: Later<Date>;
}

export interface EnforcementEvidenceTable {
  readonly id: string;
  readonly record_id: string;
  readonly kind: 'ai-lead' | IndependentKind;
  readonly what: string;
  readonly found_by: string | null;
  readonly rests_on_ai: boolean;
  readonly finding_id: string | null;
  readonly model: string | null;
  readonly threshold: number | null;
  readonly errors: number | null;
  readonly trials: number | null;
  readonly error_kind: string | null;
}

/** Kinds of evidence that can stand apart from AI. */
export const independentKinds = [
  'document',
  'physical',
  'testimony',
  'observation',
  'official-record',
] as const;
export type IndependentKind = (typeof independentKinds)[number];

declare module '../../platform/store/tables.ts' {
  interface Tables {
    enforcement_records: EnforcementRecordsTable;
    enforcement_evidence: EnforcementEvidenceTable;
  }
}
