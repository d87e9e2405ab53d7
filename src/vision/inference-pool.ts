import { Worker } from 'node:worker_threads';
import { fromErrorReport, TidewaiterError } from '../core/errors.ts';
import type { ModelCard } from '../models/card.ts';
import { silenceRuntime } from '../models/runtime.ts';
import { checkImage } from './input.ts';
import type { RawDetection, RgbImage, TextQuad, TextReading } from './detection.ts';
import { FreeBuffers } from './free-buffers.ts';
import type {
  Call,
  DetectOptions,
  PoolMessage,
  PoolSettings,
  Results,
  Work,
  WorkerMessage,
} from './inference-protocol.ts';

export type { DetectOptions, PoolSettings } from './inference-protocol.ts';

/** Calls that a worker holds: one it works on, and one so that it need not wait for the next. */
const DEPTH = 2;

interface Lane {
  readonly worker: Worker;
  readonly exited: Promise<void>;
  held: number;
}

interface Pending {
  readonly resolve: (value: Results[Work]) => void;
  readonly reject: (error: TidewaiterError) => void;
}

/**
 * Runs models in worker threads, because running one blocks its thread. Each worker has sessions of its own, opened by
 * the first call that needs them.
 *
 * A picture whose `data` came from {@link takeBuffer} is given away with the call; any other is copied.
 * A call that fails rejects with the worker's error and the pool goes on. When a worker dies, every open call rejects
 * with `E_INFERENCE_DIED` and the pool takes no more work: pictures that were not looked at must not pass for empty.
 */
export class InferencePool {
  readonly #lanes: readonly Lane[];
  readonly #buffers: FreeBuffers;
  readonly #cards = new Map<string, ModelCard>();
  readonly #queue: Call[] = [];
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: { resolve: () => void; reject: (error: TidewaiterError) => void }[] = [];
  #nextCall = 0;
  #end: TidewaiterError | undefined;
  #opening:
    { resolve: (cards: readonly ModelCard[]) => void; reject: (error: TidewaiterError) => void } | undefined;

  /**
   * Starts `threads` workers and opens every model in the first, so that a missing model or a permit that does not
   * cover it is known before the first picture.
   * @throws TidewaiterError whatever opening a model throws; `E_INFERENCE_DIED` when a worker cannot start.
   */
  static async start(settings: PoolSettings & { readonly threads: number }): Promise<InferencePool> {
    const { threads, ...shared } = settings;
    if (!Number.isInteger(threads) || threads < 1)
      throw new RangeError(`threads must be 1 or more, not ${threads}`);
    const pool = new InferencePool(threads, shared);
    try {
      for (const card of await pool.#openModels()) pool.#cards.set(card.id, card);
    } catch (error) {
      await pool.close();
      throw error;
    }
    pool.#keepAlive(false);
    return pool;
  }

  private constructor(threads: number, settings: PoolSettings) {
    this.#buffers = new FreeBuffers(2 * DEPTH * threads);
    this.#lanes = Array.from({ length: threads }, () => this.#startLane(settings));
  }

  /** The card of a model of this pool. @throws TidewaiterError `E_MODEL_UNKNOWN`. */
  card(modelId: string): ModelCard {
    const card = this.#cards.get(modelId);
    if (card === undefined) {
      throw new TidewaiterError(
        'E_MODEL_UNKNOWN',
        `Model ${modelId} was not named when inference was started`,
        'Name it among the models to start with.',
      );
    }
    return card;
  }

  /** Calls that would be with a worker at once, without queueing. 0 means: wait for {@link ready}. */
  get idle(): number {
    return Math.max(0, this.#lanes.length * DEPTH - this.#pending.size);
  }

  /** Calls that wait for a worker. The queue has no limit of its own: callers look here, or await {@link ready}. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Resolves when {@link idle} is above 0. @throws TidewaiterError as calls do once the pool has ended. */
  async ready(): Promise<void> {
    while (this.idle === 0 || this.#end !== undefined) {
      if (this.#end !== undefined) throw this.#end;
      await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    }
  }

  /** Zeroed bytes for a picture, reused from pictures that were looked at. */
  takeBuffer(bytes: number): Uint8Array<ArrayBuffer> {
    return this.#buffers.take(bytes);
  }

  /**
   * What a detector finds, duplicates suppressed, highest score first.
   * @param image of the card's input size, or of any size the card allows if it is dynamic.
   * @throws TidewaiterError `E_MODEL_UNKNOWN`, `E_MODEL_INPUT`, `E_MODEL_CLASS`, `E_MODEL_THRESHOLD`, `E_MODEL_CARD`, `E_MODEL_TENSOR`,
   *   `E_MODEL_VALUES`, `E_MODEL_RUN`, `E_PERMIT_...`, `E_INFERENCE_DIED`, `E_INFERENCE_CLOSED`.
   */
  async detect(modelId: string, image: RgbImage, options: DetectOptions = {}): Promise<RawDetection[]> {
    return this.#submit('detect', modelId, image, options);
  }

  /** Lines of text. @throws TidewaiterError as {@link detect}. */
  async detectText(
    modelId: string,
    image: RgbImage,
    options: Pick<DetectOptions, 'threshold'> = {},
  ): Promise<TextQuad[]> {
    return this.#submit('detectText', modelId, image, options);
  }

  /** Reads the one line of text that the picture shows. @throws TidewaiterError as {@link detect}. */
  async readText(modelId: string, image: RgbImage): Promise<TextReading> {
    return this.#submit('readText', modelId, image, {});
  }

  /** Ends the workers, after the run each is in. Open calls reject with `E_INFERENCE_CLOSED`. May be called twice. */
  async close(): Promise<void> {
    this.#keepAlive(true);
    if (this.#end === undefined) {
      this.#stop(
        new TidewaiterError(
          'E_INFERENCE_CLOSED',
          'Inference was stopped',
          'Start it again to go on with this work.',
        ),
      );
      for (const lane of this.#lanes) this.#post(lane, { kind: 'close' });
    }
    await Promise.all(this.#lanes.map((lane) => lane.exited));
  }

  #startLane(settings: PoolSettings): Lane {
    // A clone runs the sources; a package holds JavaScript, as Node strips no types below node_modules.
    silenceRuntime();
    const entry = import.meta.url.endsWith('.ts') ? './inference-worker.ts' : './inference-worker.js';
    const worker = new Worker(new URL(entry, import.meta.url), { workerData: settings });
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const lane: Lane = { worker, exited, held: 0 };
    worker.on('message', (message: WorkerMessage) => this.#receive(lane, message));
    worker.on('error', (error) => this.#die(error instanceof Error ? error.message : String(error)));
    worker.on('messageerror', (error) => this.#die(error.message));
    worker.on('exit', (code) => this.#die(`it ended with code ${code}`));
    return lane;
  }

  #openModels(): Promise<readonly ModelCard[]> {
    return new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
      this.#post(this.#lanes[0]!, { kind: 'open' });
    });
  }

  #submit<W extends Work>(
    work: W,
    modelId: string,
    image: RgbImage,
    options: DetectOptions,
  ): Promise<Results[W]> {
    if (this.#end !== undefined) throw this.#end;
    checkImage(this.card(modelId), image);
    const call = this.#nextCall++;
    const { width, height } = image;
    const data = this.#buffers.own(image.data);
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve: resolve as Pending['resolve'], reject });
      this.#queue.push({ kind: 'call', call, work, modelId, width, height, data, options });
      if (this.#pending.size === 1) this.#keepAlive(true);
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const lane = this.#lanes.reduce((least, other) => (other.held < least.held ? other : least));
      if (lane.held >= DEPTH) return;
      const call = this.#queue.shift()!;
      lane.held++;
      this.#post(lane, call, [call.data.buffer]);
    }
  }

  #post(lane: Lane, message: PoolMessage, transfer: readonly ArrayBuffer[] = []): void {
    lane.worker.postMessage(message, transfer);
  }

  #receive(lane: Lane, message: WorkerMessage): void {
    if (message.kind === 'opened') return this.#opening?.resolve(message.cards);
    if (message.kind === 'refused') return this.#opening?.reject(fromErrorReport(message.error));
    lane.held--;
    this.#buffers.giveBack(message.data);
    const pending = this.#pending.get(message.call);
    this.#pending.delete(message.call);
    this.#dispatch();
    if (this.#pending.size === 0 && this.#end === undefined) this.#keepAlive(false);
    if (message.kind === 'done') pending?.resolve(message.value);
    else pending?.reject(fromErrorReport(message.error));
    this.#waiting.splice(0).forEach(({ resolve }) => resolve());
  }

  #die(reason: string): void {
    if (this.#end !== undefined) return;
    this.#stop(
      new TidewaiterError(
        'E_INFERENCE_DIED',
        `A worker that runs models died: ${reason}`,
        'Run the work again; if it happens again, use fewer threads or report it.',
      ),
    );
    for (const { worker } of this.#lanes) void worker.terminate();
  }

  /** Refuses work from now on, and all that is open. */
  #stop(error: TidewaiterError): void {
    this.#end = error;
    this.#queue.length = 0;
    for (const { reject } of [...this.#pending.values(), ...this.#waiting.splice(0)]) reject(error);
    this.#pending.clear();
    this.#opening?.reject(error);
  }

  /** Whether the workers keep this process alive: only while there is work, so that a forgotten pool ends with it. */
  #keepAlive(alive: boolean): void {
    for (const { worker } of this.#lanes) {
      if (alive) worker.ref();
      else worker.unref();
    }
  }
}
