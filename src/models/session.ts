import { readFileSync } from 'node:fs';
import { TidewaiterError } from '../core/errors.ts';
import { loadRuntime } from './runtime.ts';
import { checkSignature } from './signature.ts';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { ModelCard } from './card.ts';
import type { TensorSignature } from './signature.ts';

/** Numbers with a shape, row-major. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Tensors by name, as in the card. */
export type FloatTensors = Readonly<Record<string, FloatTensor>>;

/** A model that is ready to run. Opened by `openModel`, which verifies the permit. */
export interface ModelSession {
  readonly card: ModelCard;
  /** SHA-256 of the ONNX bytes that run, hex. */
  readonly digest: string;
  /** Text of the card's alphabet file, one character per line, for text recognisers. */
  readonly alphabet: string | undefined;
  /**
   * Runs the model once and returns the outputs that the card names, in memory of their own. Calls are done
   * one after another in the order they came; a tensor that was given must not change until its result is
   * there.
   * @throws TidewaiterError `E_MODEL_RUN`, `E_MODEL_CLOSED`.
   */
  run(feeds: FloatTensors): Promise<Record<string, FloatTensor>>;
  /** Waits for pending runs and frees the model's memory. */
  close(): Promise<void>;
}

/**
 * One thread for each session: on two cores, two sessions side by side do more than one session with two
 * threads, and small networks spend more CPU when split. Memory patterns are off because each input size of a
 * text model would keep one of its own; the arena stays on because without it every run pays for fresh pages.
 */
const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableMemPattern: false,
  ...(sumsBytes() ? {} : { extra: { session: { x64quantprecision: '1' } } }),
};

/**
 * Whether the processor adds products of bytes exactly. One that does not would let some sums overflow, silently: there they
 * are formed the longer way, which takes twice the time.
 */
function sumsBytes(): boolean {
  if (process.arch !== 'x64') return true;
  try {
    return /\bavx(512)?_vnni\b/.test(readFileSync('/proc/cpuinfo', 'latin1'));
  } catch {
    return false;
  }
}

/**
 * @param bytes the ONNX file, already checked against the card's digest.
 * @throws TidewaiterError `E_MODEL_LOAD` when the runtime refuses the file, `E_MODEL_TENSOR` when the card
 *   does not fit.
 */
export async function createSession(
  card: ModelCard,
  bytes: Uint8Array,
  alphabet: string | undefined,
): Promise<ModelSession> {
  // Loaded only when a model is really opened: the library costs tens of megabytes.
  const runtime = await loadRuntime();
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(bytes, sessionOptions);
  } catch (error) {
    throw new TidewaiterError(
      'E_MODEL_LOAD',
      `ONNX Runtime cannot load model ${card.id}: ${firstLine(error)}`,
      'Export the model again with operators that ONNX Runtime knows.',
      { cause: error },
    );
  }
  try {
    checkSignature(card, session.inputMetadata.map(signatureOf), session.outputMetadata.map(signatureOf));
  } catch (error) {
    await session.release();
    throw error;
  }
  return new OnnxSession(card, alphabet, session, runtime.Tensor);
}

class OnnxSession implements ModelSession {
  readonly card: ModelCard;
  readonly digest: string;
  readonly alphabet: string | undefined;
  readonly #session: InferenceSession;
  readonly #Tensor: typeof OrtTensor;
  readonly #fetches: string[];
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    card: ModelCard,
    alphabet: string | undefined,
    session: InferenceSession,
    TensorClass: typeof OrtTensor,
  ) {
    this.card = card;
    this.digest = card.digest;
    this.alphabet = alphabet;
    this.#session = session;
    this.#Tensor = TensorClass;
    this.#fetches = Object.values(card.outputs);
  }

  run(feeds: FloatTensors): Promise<Record<string, FloatTensor>> {
    if (this.#closed) {
      const message = `Model ${this.card.id} was closed`;
      return Promise.reject(new TidewaiterError('E_MODEL_CLOSED', message, 'Open the model again.'));
    }
    return this.#queue(() => this.#runNow(feeds));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue(() => this.#session.release());
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #runNow(feeds: FloatTensors): Promise<Record<string, FloatTensor>> {
    try {
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, dims }]) => [
          name,
          new this.#Tensor('float32', data, dims),
        ]),
      );
      const outputs = await this.#session.run(inputs, this.#fetches);
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, floatTensor(tensor)]));
    } catch (error) {
      throw new TidewaiterError(
        'E_MODEL_RUN',
        `Model ${this.card.id} failed: ${firstLine(error)}`,
        'Check that the card gives the input size that the model takes.',
        { cause: error },
      );
    }
  }
}

function floatTensor({ data, dims }: OrtTensor): FloatTensor {
  return {
    data: data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>, Number),
    dims,
  };
}

function signatureOf(value: InferenceSession.ValueMetadata): TensorSignature {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: 'not a tensor', shape: [] };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
