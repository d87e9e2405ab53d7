import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { PermitClaims } from '../../core/permit.ts';
import type { Charter } from '../charters/charter.ts';
import type { Office } from './offices.ts';

/** Filled later, once; see the triggers of the step that made the tables. */
type Later<T> = ColumnType<T | null, never, T>;

/** Left out where it is not said. */
type Named<T> = ColumnType<T | null, T | undefined, never>;

/** Only with one that verifies does a row let something run; see seals.ts. */
interface Sealed {
  seal: Later<string>;
}

/** A version of a use as it is put before the offices. */
export interface RegistrationsTable extends Sealed {
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

export interface SignOffsTable extends Sealed {
  readonly place: Generated<number>;
  readonly registration_id: string;
  readonly office: Office;
  readonly person_id: string;
  readonly verdict: 'signed' | 'returned';
  readonly reason: string;
  readonly at: Date;
}

export interface TestsTable extends Sealed {
  readonly place: Generated<number>;
  readonly id: string;
  readonly use: string;
  readonly kind: string;
  readonly model_digest: string;
  readonly report_digest: string;
  /** Fingerprint of the key that signed the report, where that was verified. */
  readonly publisher: Named<string>;
  /** Of a test for bias, the threshold at which errors were counted. */
  readonly threshold: Named<number>;
  readonly passed: boolean;
  readonly tested_at: Date;
  readonly expires: Date;
  readonly recorded_by: string;
}

export interface TrainingTable extends Sealed {
  readonly place: Generated<number>;
  readonly person_id: string;
  readonly use: string;
  readonly module: string;
  readonly completed_at: Date;
  readonly expires: Date;
  readonly recorded_by: string;
}

export interface WaiversTable extends Sealed {
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

export interface ModesTable extends Sealed {
  readonly place: Generated<number>;
  readonly mode: 'evaluation' | 'enforced';
  readonly reason: string;
  /** The id of a person, or `system`. */
  readonly proposed_by: string;
  readonly proposed_at: Date;
}

/** That somebody lifted a suspension, told OMB of a waiver, or confirmed a return to evaluation: of the three, one is named. */
export interface ActsTable extends Sealed {
  readonly place: Generated<number>;
  readonly suspension_id: Named<string>;
  readonly waiver_id: Named<string>;
  readonly mode_place: Named<number>;
  readonly person_id: string;
  readonly reason: Named<string>;
  readonly at: Date;
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
    governance_acts: ActsTable;
  }
}
