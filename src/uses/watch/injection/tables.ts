import type { Generated } from 'kysely';

/** The service that plays clips at a site, from its first plan on. */
export interface WatchInjectorsTable {
  readonly site_id: string;
  readonly service_id: string;
}

/** A known clip for a camera: what must become of it, and when it is played. */
export interface WatchInjectionPlansTable {
  readonly id: string;
  readonly site_id: string;
  readonly camera_id: string;
  readonly asset_id: string;
  /** Its truth: this rule must alert within so many seconds of the clip's first frame. */
  readonly rule: string;
  readonly within_seconds: number;
  /** Null: once. */
  readonly every_hours: number | null;
  /** Hours of the site's day in which it may be played; from after to goes over midnight. */
  readonly from_hour: number | null;
  readonly to_hour: number | null;
  readonly reason: string;
  /** Null: never again. */
  next_at: Date | null;
  /** Why it could not be played the last time. */
  problem: string | null;
  readonly made_by: string;
  created_at: Generated<Date>;
  ended_by: string | null;
  ended_at: Date | null;
}

/** One playing of a clip; its run is a run of the camera beside the camera's own. */
export interface WatchInjectionsTable {
  readonly run_id: string;
  readonly plan_id: string;
  readonly site_id: string;
  readonly camera_id: string;
  readonly played_at: Date;
  state: 'playing' | 'detected' | 'undetected' | 'not armed' | 'failed';
  /** Seconds from the clip's first frame to the alert of its rule. */
  latency: number | null;
  incident_id: string | null;
  problem: string | null;
}

declare module '../../../platform/store/tables.ts' {
  interface Tables {
    watch_injectors: WatchInjectorsTable;
    watch_injection_plans: WatchInjectionPlansTable;
    watch_injections: WatchInjectionsTable;
  }
}
