import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '../core/digest.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { check, misfitOf } from '../core/misfit.ts';
import { builtInBytes, sourceFile } from './cache.ts';
import { modelCardSchema } from './card.ts';
import { builtInModels } from './catalog.ts';
import type { BuiltInModel } from './built-in.ts';
import type { ModelCard } from './card.ts';

const CARD_SUFFIX = '.card.json';

/** A model that a user registered: a card `name.card.json` beside `name.onnx`. */
export interface UserModel {
  readonly card: ModelCard;
  /** Path of the ONNX file. */
  readonly file: string;
}

/** Where models are looked up. */
export interface ModelPlaces {
  /** Converted weights are kept here; see `defaultCacheDir`. */
  readonly cacheDir: string;
  /** Folder with the user's cards and ONNX files; without it only built-in models are known. */
  readonly userDir?: string;
}

/** A known model and how to get its files. */
export interface KnownModel {
  readonly card: ModelCard;
  readonly origin: { readonly builtIn: BuiltInModel } | { readonly user: UserModel };
}

/**
 * Reads every card in a folder, in the order of their names; no folder means no cards.
 * @throws TidewaiterError `E_MODEL_CARD` naming file and field, `E_MODEL_CLASH` when an id is taken,
 *   `E_MODEL_MISSING` when there is no ONNX file beside a card.
 */
export async function loadUserCards(dir: string): Promise<UserModel[]> {
  const names = await filesOf(dir);
  const taken = new Map(builtInModels.map(({ card }) => [card.id, 'a built-in model']));
  const models: UserModel[] = [];
  for (const name of names.filter((file) => file.endsWith(CARD_SUFFIX)).sort()) {
    // Opening a pipe that nobody writes to lasts for ever.
    if (!(await stat(join(dir, name))).isFile())
      throw new TidewaiterError('E_MODEL_CARD', `${name} is not a regular file`, 'Put the card there.');
    const card = parseCard(name, await readFile(join(dir, name), 'utf8'));
    const owner = taken.get(card.id);
    if (owner !== undefined) {
      throw new TidewaiterError(
        'E_MODEL_CLASH',
        `${name}: id ${card.id} is taken by ${owner}`,
        'Choose another id.',
      );
    }
    taken.set(card.id, name);
    const onnx = `${name.slice(0, -CARD_SUFFIX.length)}.onnx`;
    if (!names.includes(onnx)) {
      throw new TidewaiterError(
        'E_MODEL_MISSING',
        `${name}: there is no ${onnx} beside it`,
        'Put the file there.',
      );
    }
    models.push({ card, file: join(dir, onnx) });
  }
  return models;
}

/**
 * A mistake in a user's card does not stand in the way of a built-in model.
 * @throws TidewaiterError `E_MODEL_UNKNOWN`, and for other ids what {@link loadUserCards} throws.
 */
export async function findModel(id: string, places: ModelPlaces): Promise<KnownModel> {
  const builtIn = builtInModels.find(({ card }) => card.id === id);
  if (builtIn !== undefined) return { card: builtIn.card, origin: { builtIn } };
  const models = await knownModels(places);
  const model = models.find(({ card }) => card.id === id);
  if (model !== undefined) return model;
  const known = models.map(({ card }) => card.id).join(', ');
  throw new TidewaiterError('E_MODEL_UNKNOWN', `There is no model ${id}`, `Choose one of: ${known}.`);
}

/** Built-in models, then the user's. */
export async function knownModels(places: ModelPlaces): Promise<KnownModel[]> {
  const users = places.userDir === undefined ? [] : await loadUserCards(places.userDir);
  return [
    ...builtInModels.map((builtIn) => ({ card: builtIn.card, origin: { builtIn } })),
    ...users.map((user) => ({ card: user.card, origin: { user } })),
  ];
}

/**
 * The ONNX bytes of a model, which have the digest of its card.
 * @throws TidewaiterError `E_MODEL_DIGEST` and what `builtInBytes` throws.
 */
export async function modelBytes(model: KnownModel, cacheDir: string): Promise<Uint8Array> {
  if ('builtIn' in model.origin) return builtInBytes(model.origin.builtIn, cacheDir);
  const { card, file } = model.origin.user;
  const bytes = await readFile(file);
  const digest = sha256(bytes);
  if (digest === card.digest) return bytes;
  throw new TidewaiterError(
    'E_MODEL_DIGEST',
    `${basename(file)} has digest ${digest}, its card says ${card.digest}`,
    'Use the file that the card was written for, or review the new file and correct the digest in its card.',
  );
}

/**
 * Text of the file that the card's parameter `alphabet` names, one character per line; it lies beside the
 * ONNX file. Undefined when the card names none.
 * @throws TidewaiterError `E_MODEL_CARD` when the name is not that of a file beside the model.
 */
export async function alphabetOf(model: KnownModel): Promise<string | undefined> {
  const name = model.card.parameters['alphabet'];
  if (name === undefined) return undefined;
  if (typeof name !== 'string' || name !== basename(name)) throw badAlphabet(model.card);
  const path =
    'builtIn' in model.origin
      ? sourceFile(model.origin.builtIn, join(dirname(model.origin.builtIn.file), name))
      : join(dirname(model.origin.user.file), name);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw badAlphabet(model.card);
  }
}

function badAlphabet(card: ModelCard): TidewaiterError {
  return new TidewaiterError(
    'E_MODEL_CARD',
    `The card of ${card.id} does not fit: parameters.alphabet is not a file beside the model`,
    'Put a text file with one character per line beside the ONNX file and give its name.',
  );
}

async function filesOf(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function parseCard(name: string, text: string): ModelCard {
  const remedy = 'Correct the card; docs/bring-your-own-model.md explains every field.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TidewaiterError('E_MODEL_CARD', `${name} is not JSON`, remedy, { cause: error });
  }
  const result = check(modelCardSchema, json);
  if (result.success) return result.data;
  const { place, what } = misfitOf(result.error);
  throw new TidewaiterError('E_MODEL_CARD', `${name}: ${place || 'card'}: ${what}`, remedy);
}
