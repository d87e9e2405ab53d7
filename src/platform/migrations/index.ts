import { ledgerSchema } from '../ledger/ledger.ts';
import type { SchemaStep } from '../store/migrate.ts';
import { store } from './2026-11-22-1700-store.ts';
import { people } from './2026-11-22-1710-people.ts';
import { vault } from './2026-11-22-1720-vault.ts';

/** The platform's own steps of the schema. */
export const platformSchema: readonly SchemaStep[] = [store, people, vault, ledgerSchema];
