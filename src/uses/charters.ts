import type { Charter } from '../governance/charters/charter.ts';
import { charter as redaction } from './redaction/charter.ts';
import { charter as watch } from './watch/charter.ts';

/** The charters of every use. A new use is one more line here. */
export const useCharters: readonly Charter[] = [redaction, watch];
