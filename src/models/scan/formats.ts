/** Formats in which models are handed around, as far as they are told apart by their bytes. */
export type ModelFormat =
  | 'onnx'
  | 'pickle'
  | 'torch'
  | 'keras'
  | 'zip'
  | 'hdf5'
  | 'tensorflow'
  | 'tflite'
  | 'gguf'
  | 'safetensors'
  | 'executable'
  | 'text'
  | 'unknown';

/** What each format but ONNX can do to who opens it. */
export const formatRisk: Readonly<
  Record<Exclude<ModelFormat, 'onnx'>, { readonly level: 'error' | 'warning'; readonly message: string }>
> = {
  pickle: { level: 'error', message: 'a Python pickle: opening it runs whatever code it names' },
  torch: {
    level: 'error',
    message: 'a PyTorch archive, with a Python pickle inside: opening it runs whatever code that names',
  },
  keras: { level: 'error', message: 'a Keras archive: its Lambda layers are Python code' },
  zip: { level: 'error', message: 'a ZIP archive: what is inside cannot be vouched for' },
  hdf5: { level: 'error', message: 'an HDF5 file, as Keras writes it: its Lambda layers are Python code' },
  tensorflow: {
    level: 'error',
    message: 'a TensorFlow SavedModel: its graph may read and write files and call Python',
  },
  executable: { level: 'error', message: 'a program' },
  tflite: { level: 'warning', message: 'a TensorFlow Lite file: no code, but not what is run here' },
  gguf: { level: 'warning', message: 'a GGUF file: no code, but not what is run here' },
  safetensors: { level: 'warning', message: 'a safetensors file: numbers only, but not what is run here' },
  text: { level: 'warning', message: 'text' },
  unknown: { level: 'error', message: 'of no format that is known here' },
};

/**
 * Tells the format by content; names lie. ONNX has no mark of its own: it is what can be walked as one.
 * @param head the first bytes (4 KB are enough), @param tail the last ones.
 */
export function formatOf(
  name: string,
  head: Buffer,
  tail: Buffer,
  size: number,
): Exclude<ModelFormat, 'onnx'> | undefined {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, at) => head[at] === byte);
  if (/(?:^|\/)(?:saved_model|keras_metadata|fingerprint)\.pb(?:txt)?$/.test(name)) return 'tensorflow';
  if (starts(0x80) && [2, 3, 4, 5].includes(head[1] ?? 0) && tail.at(-1) === 0x2e) return 'pickle';
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return archiveOf(head, tail);
  if (starts(0x89, 0x48, 0x44, 0x46)) return 'hdf5';
  if (head.toString('latin1', 0, 4) === 'GGUF') return 'gguf';
  if (head.toString('latin1', 4, 8) === 'TFL3') return 'tflite';
  if (isExecutable(head)) return 'executable';
  if (isSafetensors(head, size)) return 'safetensors';
  if (isOldPickle(head, tail)) return 'pickle';
  return isText(head) && isText(tail) ? 'text' : undefined;
}

function archiveOf(head: Buffer, tail: Buffer): 'torch' | 'keras' | 'zip' {
  const names = `${head.toString('latin1')}${tail.toString('latin1')}`;
  if (/\.pkl|constants\.pkl|\bcode\//.test(names)) return 'torch';
  return /config\.json|model\.weights\.h5/.test(names) ? 'keras' : 'zip';
}

const executableMarks = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', '0061736d'];

function isExecutable(head: Buffer): boolean {
  const mark = head.toString('hex', 0, 4);
  return (
    executableMarks.includes(mark) || mark.startsWith('4d5a') || mark.startsWith('2321') // MZ, #!
  );
}

/** Eight bytes say how long the JSON is that follows (github.com/huggingface/safetensors, "Format"). */
function isSafetensors(head: Buffer, size: number): boolean {
  if (head.length < 10) return false;
  const length = head.readBigUInt64LE(0);
  return length >= 2n && length <= 100_000_000n && length <= BigInt(size - 8) && head[8] === 0x7b;
}

/** Protocols 0 and 1 are text: `c`, a module, a name, each on a line; the end is a dot. */
function isOldPickle(head: Buffer, tail: Buffer): boolean {
  return (
    /\.\s*$/.test(tail.toString('latin1')) && /(?:^|[\n(}\]])c[\w.]+\n[\w.]+\n/.test(head.toString('latin1'))
  );
}

function isText(bytes: Buffer): boolean {
  // A character may be cut at either end of what was read.
  return !/[\0-\x08\x0e-\x1f]|\ufffd.{4,}\ufffd/s.test(bytes.toString('utf8'));
}
