import { canonicalJson } from '../../../core/canonical-json.ts';
import { sha256 } from '../../../core/digest.ts';
import { version } from '../../../core/version.ts';
import type { RedactionSettings } from '../settings.ts';

/** Equal settings of the same version give equal digests, so that a folder run can tell what it need not repeat. */
export function settingsDigest(settings: RedactionSettings): string {
  return sha256(canonicalJson({ version, settings }));
}

export function planDigest(planText: string): string {
  return sha256(planText);
}
