import { TidewaiterError } from '../core/errors.ts';
import type { ModelCard } from './card.ts';

/** What an ONNX file says of one of its tensors. A string or -1 stands for a size that is free. */
export interface TensorSignature {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** Element types of outputs that can be given as float32. */
const readableTypes = ['float32', 'int32', 'int64'];

/**
 * Checks that a card describes the tensors of its file: names, types, and the input's rank, channels and
 * size. What the outputs must look like is checked by each output family.
 * @throws TidewaiterError `E_MODEL_TENSOR` naming the tensor, what the card says and what the file has.
 */
export function checkSignature(
  card: ModelCard,
  inputs: readonly TensorSignature[],
  outputs: readonly TensorSignature[],
): void {
  const refuse = (what: string): never => {
    throw new TidewaiterError(
      'E_MODEL_TENSOR',
      `Model ${card.id}: ${what}`,
      'Correct the card so that it describes the file; docs/bring-your-own-model.md lists the fields.',
    );
  };
  const input = inputs.find(({ name }) => name === card.input.name);
  if (input === undefined) {
    return refuse(`the card's input is ${card.input.name}, the file has ${namesOf(inputs)}`);
  }
  if (inputs.length > 1)
    refuse(`the card's only input is ${card.input.name}, the file has ${namesOf(inputs)}`);
  if (input.type !== 'float32') refuse(`input ${input.name} must be float32, the file has ${input.type}`);
  const expected = expectedShape(card);
  if (!shapeFits(expected, input.shape)) {
    refuse(
      `the card says input ${input.name} is ${shapeText(expected)}, the file has ${shapeText(input.shape)}`,
    );
  }
  for (const [role, name] of Object.entries(card.outputs)) {
    const output = outputs.find((tensor) => tensor.name === name);
    if (output === undefined) {
      return refuse(`the card's output for ${role} is ${name}, the file has ${namesOf(outputs)}`);
    }
    if (!readableTypes.includes(output.type)) {
      refuse(`output ${name} (${role}) must be ${readableTypes.join(', ')}, the file has ${output.type}`);
    }
  }
}

function expectedShape({ input }: ModelCard): (number | string)[] {
  const channels = input.channels === 'GRAY' ? 1 : 3;
  const [height, width] = input.dynamic ? ['height', 'width'] : [input.height, input.width];
  return input.layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels];
}

/** A free size in the file fits everything; a size the card calls dynamic must not be fixed by the file. */
function shapeFits(expected: readonly (number | string)[], actual: readonly (number | string)[]): boolean {
  // A height fixed by the file is usual for text recognisers, so only both fixed contradict "dynamic".
  const dynamic = expected.filter((side) => typeof side === 'string').length;
  const fixed = expected.filter((side, axis) => typeof side === 'string' && isFixed(actual[axis])).length;
  return (
    actual.length === expected.length &&
    expected.every(
      (side, axis) => typeof side === 'string' || !isFixed(actual[axis]) || side === actual[axis],
    ) &&
    (dynamic === 0 || fixed < dynamic)
  );
}

function isFixed(side: number | string | undefined): boolean {
  return typeof side === 'number' && side > 0;
}

function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.map((side) => (typeof side === 'number' && side <= 0 ? 'any' : side)).join(', ')}]`;
}

function namesOf(tensors: readonly TensorSignature[]): string {
  return tensors.map(({ name }) => name).join(', ');
}
