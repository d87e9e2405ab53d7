import { existsSync } from 'node:fs';
import { cachePath } from './cache.ts';
import { packageFile } from './package-file.ts';
import { knownModels } from './registry.ts';
import type { OutputFamily } from './card.ts';
import type { KnownModel, ModelPlaces } from './registry.ts';

/** What a list of models shows of each. */
export interface ModelDescription {
  readonly id: string;
  readonly version: string;
  readonly purpose: string;
  readonly limits: string;
  readonly licence: string;
  readonly licenceClear: boolean;
  readonly digest: string;
  readonly source: string;
  readonly family: OutputFamily;
  /** Input size in pixels, the default one when `dynamic`. */
  readonly input: { readonly width: number; readonly height: number; readonly dynamic: boolean };
  readonly classes: readonly string[];
  /**
   * `installed`: weights are on this machine; `not installed`: a package is missing; `user`: the user's own
   * file.
   */
  readonly state: 'installed' | 'not installed' | 'user';
}

/**
 * Every known model, without loading any.
 * @throws TidewaiterError what `loadUserCards` throws.
 */
export async function describeModels(places: ModelPlaces): Promise<ModelDescription[]> {
  const models = await knownModels(places);
  return models.map((model) => {
    const { id, version, purpose, limits, licence, licenceClear, digest, source, family, input, classes } =
      model.card;
    const { width, height, dynamic } = input;
    const state = stateOf(model, places.cacheDir);
    return {
      ...{ id, version, purpose, limits, licence, licenceClear, digest, source, family, classes, state },
      input: { width, height, dynamic },
    };
  });
}

function stateOf({ origin }: KnownModel, cacheDir: string): ModelDescription['state'] {
  if ('user' in origin) return 'user';
  const { builtIn } = origin;
  const there = packageFile(builtIn.package.name, builtIn.file) !== undefined;
  return there || existsSync(cachePath(builtIn, cacheDir)) ? 'installed' : 'not installed';
}
