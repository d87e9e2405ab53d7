import type { z } from 'zod';
import type { Size } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import type { ModelCard } from '../../models/card.ts';
import type { RawDetection } from '../detection.ts';

/** What a model gave back under one output name. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Outputs of one run by tensor name (not by role). */
export type Tensors = Readonly<Record<string, Tensor>>;

export interface DecodeRequest {
  /** Lowest score to report, 0..1. */
  readonly threshold: number;
  /** Pixels of the input that gave these outputs. */
  readonly size: Size;
  /** Indices into the card's classes that are wanted; all that have a name when left out. */
  readonly classes?: readonly number[];
}

/**
 * Turns outputs into detections, before any suppression of duplicates. Boxes may reach past the picture.
 * @throws TidewaiterError `E_MODEL_VALUES` when a score or box is not a finite number.
 */
export type Decode = (outputs: Tensors, request: DecodeRequest) => RawDetection[];

/** One side of a tensor: a fixed length, or a letter that must stand for one length in all tensors of the model. */
export type Side = number | string;

/** What a role's tensor must look like: one of `anyOf`. */
export interface ShapeRule {
  readonly anyOf: readonly (readonly Side[])[];
  readonly optional?: boolean;
}

/** How the outputs of one kind of detector are understood. */
export interface Family {
  /** Shape of each role's tensor, for an input of `size` pixels. */
  shapes(card: ModelCard, size: Size): Readonly<Record<string, ShapeRule>>;
  /**
   * Checks the card's parameters and does once what need not be done for every picture.
   * @throws TidewaiterError `E_MODEL_CARD`.
   */
  prepare(card: ModelCard): Decode;
}

/**
 * The card's parameters, checked.
 * @throws TidewaiterError `E_MODEL_CARD` naming the parameter.
 */
export function parametersOf<T extends z.ZodType>(card: ModelCard, schema: T): z.output<T> {
  const result = check(schema, card.parameters);
  if (result.success) return result.data;
  const { path, what } = misfitOf(result.error);
  throw wrongCard(card, `${['parameters', ...path].join('.')}: ${what}`);
}

/**
 * For families that find one kind of thing.
 * @throws TidewaiterError `E_MODEL_CARD` unless the card names exactly one class.
 */
export function requireOneClass(card: ModelCard): void {
  if (card.classes.length !== 1) {
    throw wrongCard(card, `family ${card.family} finds one class, but "classes" has ${card.classes.length}`);
  }
}

export function wrongCard(card: ModelCard, what: string): TidewaiterError {
  return new TidewaiterError(
    'E_MODEL_CARD',
    `The card of model ${card.id} does not fit: ${what}`,
    'Correct the card; docs/bring-your-own-model.md lists what each family needs.',
  );
}

export function wrongValues(card: ModelCard): TidewaiterError {
  return new TidewaiterError(
    'E_MODEL_VALUES',
    `Model ${card.id} gave a value that is not a finite number`,
    'Do not rely on this model; check its file and the scale, mean and std of its card.',
  );
}

/** @throws TidewaiterError `E_MODEL_VALUES` when one of the values is not finite. */
export function requireFinite(card: ModelCard, values: Float32Array): void {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  if (!Number.isFinite(sum)) throw wrongValues(card);
}

/** The tensor of a role that {@link Family.shapes} requires; call after the outputs were checked. */
export function tensorOf(card: ModelCard, outputs: Tensors, role: string): Tensor {
  const tensor = optionalTensorOf(card, outputs, role);
  if (tensor === undefined) throw wrongCard(card, `"outputs" names no tensor for ${role}`);
  return tensor;
}

export function optionalTensorOf(card: ModelCard, outputs: Tensors, role: string): Tensor | undefined {
  const name = card.outputs[role];
  return name === undefined ? undefined : outputs[name];
}
