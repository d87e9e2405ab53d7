import { TidewaiterError } from '../core/errors.ts';
import { verifyPermit } from '../core/permit.ts';
import { alphabetOf, findModel, modelBytes } from './registry.ts';
import { createSession } from './session.ts';
import type { Permit, PermitContext } from '../core/permit.ts';
import type { ModelPlaces } from './registry.ts';
import type { ModelSession } from './session.ts';

export interface OpenModelOptions extends ModelPlaces, PermitContext {
  /** The use of AI that asks, as named in permits. */
  readonly use: string;
  /** What for and where, if it is known; the permit must say the same. */
  readonly purpose?: string | undefined;
  readonly site?: string | undefined;
  /** Lowest score that will be reported, 0..1; the card's threshold by default. */
  readonly threshold?: number;
  /** True when the person who runs this has accepted that the licence of the weights is unclear. */
  readonly allowUnclearLicence?: boolean;
}

/**
 * Opens a model under a permit: nothing of the model is read before the permit was found to cover its digest,
 * the use and the threshold.
 * @throws TidewaiterError `E_MODEL_UNKNOWN`, `E_MODEL_LICENCE`, the `E_PERMIT_` codes of `verifyPermit`,
 *   `E_MODEL_MISSING`, `E_MODEL_CONVERT`, `E_MODEL_DIGEST`, `E_MODEL_LOAD`, `E_MODEL_TENSOR`, `E_MODEL_CARD`,
 *   `E_MODEL_CLASH`.
 */
export async function openModel(
  id: string,
  permit: Permit,
  options: OpenModelOptions,
): Promise<ModelSession> {
  const model = await findModel(id, options);
  const { card } = model;
  if (!card.licenceClear && options.allowUnclearLicence !== true) {
    throw new TidewaiterError(
      'E_MODEL_LICENCE',
      `The licence of ${id} is unclear: ${card.licence}`,
      'Have it reviewed, then allow the model by name.',
    );
  }
  const { use, purpose, site, threshold = card.threshold } = options;
  verifyPermit(permit, { modelId: id, digest: card.digest, use, purpose, site, threshold }, options);
  const bytes = await modelBytes(model, options.cacheDir);
  return createSession(card, bytes, await alphabetOf(model));
}
