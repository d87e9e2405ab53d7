import type { Jobs } from './jobs/jobs.ts';
import type { JobKind } from './jobs/kind.ts';
import type { PeopleSettings } from './people/settings.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import type { Settings } from './settings/settings.ts';
import type { Database } from './store/database.ts';
import type { Vault } from './vault/vault.ts';

/** What uses and routes are given: the running platform. */
export interface Platform {
  readonly settings: Settings;
  readonly people: PeopleSettings;
  readonly secrets: SecretBox;
  readonly db: Database;
  readonly vault: Vault;
  readonly jobs: Jobs;
  /** Kinds of jobs by the name of their queue. */
  readonly kinds: ReadonlyMap<string, JobKind>;
  now(): Date;
}
