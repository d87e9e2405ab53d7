/** Constant numbers with a shape, row-major. int64 is what ONNX wants for shapes and axes. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface FloatTensor extends Tensor {
  readonly data: Float32Array;
}

/** Number of elements of a shape; 1 for a scalar. */
export function elements(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

export function floats(dims: readonly number[], data: ArrayLike<number>): FloatTensor {
  return { dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** A one-dimensional int64 tensor. */
export function integers(values: readonly number[]): Tensor {
  return { dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** The tensor's bytes, little endian as on every machine that Node supports here. */
export function tensorBytes(data: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Reorders the axes: axis `i` of the result is axis `order[i]` of the tensor. */
export function permuted(tensor: FloatTensor, order: readonly number[]): FloatTensor {
  const dims = order.map((axis) => tensor.dims[axis] ?? 1);
  const sourceStrides = strides(tensor.dims);
  const steps = order.map((axis) => sourceStrides[axis] ?? 0);
  const data = new Float32Array(tensor.data.length);
  const index = new Array<number>(dims.length).fill(0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = tensor.data[from] ?? 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const size = dims[axis] ?? 1;
      const step = steps[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      from += step;
      if (next < size) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      from -= step * size;
    }
  }
  return { dims, data };
}

function strides(dims: readonly number[]): number[] {
  const result = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--)
    result[axis] = (result[axis + 1] ?? 1) * (dims[axis + 1] ?? 1);
  return result;
}

/** Keeps the given positions of the last axis, in the given order. */
export function selectedLast(tensor: FloatTensor, positions: readonly number[]): FloatTensor {
  const width = tensor.dims.at(-1) ?? 1;
  const rows = tensor.data.length / width;
  const data = new Float32Array(rows * positions.length);
  for (let row = 0; row < rows; row++) {
    positions.forEach((position, column) => {
      data[row * positions.length + column] = tensor.data[row * width + position] ?? 0;
    });
  }
  return { dims: [...tensor.dims.slice(0, -1), positions.length], data };
}
