import { ledgerSchema } from '../ledger/ledger.ts';
import type { SchemaStep } from '../store/migrate.ts';
import { store } from './2026-11-22-1700-store.ts';
import { people } from './2026-11-22-1710-people.ts';
import { vault } from './2026-11-22-1720-vault.ts';
import { webhooks } from './2026-11-22-1740-uploads-and-webhooks.ts';
import { oidc } from './2026-11-22-1750-oidc.ts';
import { services } from './2026-11-22-1760-services.ts';
import { housekeeping } from './2026-11-22-1800-housekeeping.ts';
import { proxies } from './2026-11-22-1810-proxies.ts';
import { webauthn } from './2026-11-22-1830-webauthn.ts';
import { casesAndFindings } from './2026-11-22-1840-cases-and-findings.ts';
import { ledgerWords } from './2026-11-23-0500-ledger-words.ts';
import { resumableUploads } from './2026-11-23-0710-resumable-uploads.ts';
import { erasedObservations } from './2026-11-23-1345-erased-observations.ts';
import { personResets } from './2026-11-23-1410-person-resets.ts';
import { sessionPlaces } from './2026-11-23-1420-session-places.ts';

/** The platform's own steps of the schema. */
export const platformSchema: readonly SchemaStep[] = [
  store,
  people,
  vault,
  ledgerSchema,
  webhooks,
  oidc,
  services,
  housekeeping,
  proxies,
  webauthn,
  casesAndFindings,
  ledgerWords,
  resumableUploads,
  erasedObservations,
  personResets,
  sessionPlaces,
];
