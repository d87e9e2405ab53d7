import type { ComponentType } from 'react';
import type { Asset, Finding } from '../../src/client/index.ts';

/** What a use of AI adds to the console. */
export interface UsePages {
  /** Its name in the API, such as `redaction`. */
  readonly use: string;
  /** Its name for people. */
  readonly title: string;
  /** What it can do with an asset; shown beside it. */
  readonly AssetActions?: ComponentType<{ readonly asset: Asset }>;
  /** What of its work waits in a case; shown with the case. */
  readonly CaseWork?: ComponentType<{ readonly caseId: string }>;
  /** Kinds of findings that are decided on pages of its own; `Evidence` leads there. */
  readonly ownFindings?: readonly string[];
  /** Shows what a finding rests on. */
  readonly Evidence?: ComponentType<{ readonly finding: Finding }>;
  /** The page that the main bar leads to, and the letter after `g` that goes there. */
  readonly place?: { readonly path: string; readonly key: string };
  /** Pages of its own, below `/USE/`. */
  readonly pages?: readonly { readonly path: string; readonly Page: ComponentType }[];
}
