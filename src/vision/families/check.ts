import type { Size } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { ModelCard } from '../../models/card.ts';
import type { ShapeRule, Side, Tensor, Tensors } from './family.ts';

const REMEDY =
  'Correct "outputs", "classes" or "family" in the card; docs/bring-your-own-model.md lists the tensors.';

/**
 * Checks what a run gave back against what the family expects.
 * @throws TidewaiterError `E_MODEL_TENSOR` naming the tensor, what was expected and what came.
 */
export function checkShapes(
  card: ModelCard,
  rules: Readonly<Record<string, ShapeRule>>,
  outputs: Tensors,
  size: Size,
): void {
  for (const role of Object.keys(card.outputs)) {
    if (rules[role] === undefined) {
      const known = Object.keys(rules).join(', ');
      throw mismatch(
        card,
        `"outputs" gives a tensor for ${role}, but family ${card.family} has only ${known}`,
      );
    }
  }
  const bound = new Map<string, number>();
  for (const [role, rule] of Object.entries(rules)) {
    const name = card.outputs[role];
    if (name === undefined) {
      if (rule.optional === true) continue;
      throw mismatch(card, `"outputs" names no tensor for ${role}, expected ${describeRule(rule, bound)}`);
    }
    const tensor = outputs[name];
    if (tensor === undefined) {
      const came = Object.keys(outputs).join(', ');
      throw mismatch(
        card,
        `there is no tensor ${name} (${role}), expected ${describeRule(rule, bound)}; came: ${came}`,
      );
    }
    if (!rule.anyOf.some((sides) => fits(tensor, sides, bound))) {
      const input = `${size.width}x${size.height}`;
      throw mismatch(
        card,
        `tensor ${name} (${role}) should be ${describeRule(rule, bound)} for an input of ${input}, came ` +
          `[${tensor.dims.join(', ')}] with ${tensor.data.length} values`,
      );
    }
  }
}

function mismatch(card: ModelCard, what: string): TidewaiterError {
  return new TidewaiterError('E_MODEL_TENSOR', `Model ${card.id}: ${what}`, REMEDY);
}

/** Compares, and on success binds the letters met for the first time. */
function fits(tensor: Tensor, sides: readonly Side[], bound: Map<string, number>): boolean {
  const { dims, data } = tensor;
  if (dims.length !== sides.length) return false;
  if (data.length !== dims.reduce((product, side) => product * side, 1)) return false;
  const met = new Map<string, number>();
  for (const [position, side] of sides.entries()) {
    const length = dims[position]!;
    const expected = typeof side === 'number' ? side : (bound.get(side) ?? met.get(side) ?? length);
    if (length !== expected) return false;
    if (typeof side === 'string') met.set(side, length);
  }
  for (const [letter, length] of met) bound.set(letter, length);
  return true;
}

function describeRule(rule: ShapeRule, bound: ReadonlyMap<string, number>): string {
  const one = (sides: readonly Side[]): string =>
    `[${sides.map((side) => (typeof side === 'number' ? side : (bound.get(side) ?? side))).join(', ')}]`;
  return rule.anyOf.map(one).join(' or ');
}
