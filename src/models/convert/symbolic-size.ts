import { readFile } from 'node:fs/promises';
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;

/**
 * An ONNX file whose picture [1, 3, height, width] may have any size that the network can take, from one that
 * was stored with a fixed size: the sizes in the file are only declarations when every layer is a
 * convolution.
 */
export async function withSymbolicSize(path: string): Promise<Uint8Array> {
  const model = onnx.ModelProto.decode(await readFile(path));
  const graph = model.graph;
  if (graph === null || graph === undefined) return onnx.ModelProto.encode(model).finish();
  const weights = new Set(graph.initializer?.map(({ name }) => name));
  for (const port of graph.input ?? []) {
    const dims = port.type?.tensorType?.shape?.dim;
    if (weights.has(port.name) || dims?.length !== 4) continue;
    dims[2] = { dimParam: 'height' };
    dims[3] = { dimParam: 'width' };
  }
  for (const port of graph.output ?? []) if (port.type?.tensorType) delete port.type.tensorType.shape;
  graph.valueInfo = [];
  return onnx.ModelProto.encode(model).finish();
}
