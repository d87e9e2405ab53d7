import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { PermitClaims } from '../../core/permit.ts';
import type { Charter } from '../charters/charter.ts';
import type { Office } from './offices.ts';

/** Filled later, once; see the triggers of the step that made the tables. */
type Later<T> = ColumnType<T | null, never, T>;

/** A version of a use as it is put before the offices. */
export interface RegistrationsTable {
  readonly id: string;
  readonly use: string;
  readonly version: number;
  /** SHA-256 of the charter's canonical JSON. */
  readonly charter_digest: string;
  readonly impact: string;
  readonly charter: JSONColumnType<Charter>;
  readonly purposes: readonly string[];
  readonly models: JSONColumnType<PermitClaims['models']>;
  readonly author_id: string;
  readonly registered_at: Date;
}

export interface SignOffsTable {
  readonly place: Generated<number>;
  readonly registration_id: string;
  readonly office: Office;
  readonly person_id: string;
  readonly verdict: 'signed' | 'returned';
  readonly reason: string;
  readonly at: Date;
}

export interface TestsTable {
  readonly place: Generated<number>;
  readonly id: string;
  readonly use: string;
  readonly kind: string;
  readonly model_digest: string;
  readonly report_digest: string;
  readonly passed: boolean;
  readonly tested_at: Date;
  readonly expires: Date;
  readonly recorded_by: string;
}

export interface TrainingTable {
  readonly place: Generated<number>;
  readonly person_id: string;
  readonly use: string;
  readonly module: string;
  readonly completed_at: Date;
  readonly expires: Date;
  readonly recorded_by: string;
}

export interface WaiversTable {
  readonly id: string;
  readonly registration_id: string;
  readonly kind: 'waiver' | 'pilot';
  readonly requirement: 'tests' | 'training';
  readonly site: string;
  readonly reason: string;
  readonly public_summary: string;
  readonly granted_by: string;
  readonly granted_at: Date;
  readonly expires: Date;
  reported_at: Later<Date>;
  revoked_at: Later<Date>;
  revoked_by: Later<string>;
}

export type SuspensionCause = 'person' | 'test' | 'drift' | 'incident';

export interface SuspensionsTable {
  readonly id: string;
  readonly use: string;
  readonly cause: SuspensionCause;
  readonly reason: string;
  /** The id of a person, or `system`. */
  readonly suspended_by: string;
  readonly suspended_at: Date;
  /** Ids of the people of the offices. */
  readonly told: readonly string[];
  lifted_at: Later<Date>;
  lifted_by: Later<string>;
  lift_reason: Later<string>;
}

export interface PermitsTable {
  readonly id: string;
  readonly registration_id: string;
  readonly use: string;
  readonly site: string;
  readonly purpose: string;
  readonly claims: JSONColumnType<PermitClaims>;
  readonly signature: string;
  readonly issued_by: string;
  readonly issued_at: Date;
  readonly expires: Date;
  revoked_at: Later<Date>;
  revoked_by: Later<string>;
  revoke_reason: Later<string>;
}

export interface ModesTable {
  readonly place: Generated<number>;
  readonly mode: 'evaluation' | 'enforced';
  readonly reason: string;
  /** The id of a person, or `system`. */
  readonly proposed_by: string;
  readonly proposed_at: Date;
  confirmed_by: Later<string>;
  confirmed_at: Later<Date>;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    governance_registrations: RegistrationsTable;
    governance_sign_offs: SignOffsTable;
    governance_tests: TestsTable;
    governance_training: TrainingTable;
    governance_waivers: WaiversTable;
    governance_suspensions: SuspensionsTable;
    governance_permits: PermitsTable;
    governance_modes: ModesTable;
  }
}
