import { z } from 'zod';
import { TidewaiterError } from '../core/errors.ts';
import { verifyPermit } from '../core/permit.ts';
import type { ModelCard, OutputFamily } from '../models/card.ts';
import { openModel, type ModelSession } from '../models/index.ts';
import type { RawDetection, RgbImage, TextQuad, TextReading } from './detection.ts';
import {
  parametersOf,
  requireFinite,
  tensorOf,
  wrongCard,
  type Decode,
  type Tensor,
  type Tensors,
} from './families/family.ts';
import { checkOutputs, prepareDecoder } from './families/index.ts';
import type { DetectOptions, PoolSettings } from './inference-protocol.ts';
import { inputDims, inputWriter } from './input.ts';
import { suppress } from './nms.ts';
import { decodeCtc, parseAlphabet } from './text/ctc.ts';
import { decodeDbText } from './text/db.ts';

/** `boxThreshold` and `unclip` as decodeDbText takes them; the score threshold is that of the map. */
const dbParameters = z.strictObject({
  boxThreshold: z.number().min(0).max(1).optional(),
  unclip: z.number().nonnegative().optional(),
});

/** `alphabet` is the name of the file that the session's text came from. */
const ctcParameters = z.strictObject({ alphabet: z.string() });

/**
 * A model opened under a permit, from picture to result. One call at a time: the input tensor is reused, and must not
 * change before a run has ended.
 */
export class ModelRunner {
  readonly card: ModelCard;
  readonly #session: ModelSession;
  readonly #settings: PoolSettings;
  readonly #threshold: number;
  /** Thresholds that the permit is known to allow. */
  readonly #allowed = new Set<number>();
  readonly #write: ReturnType<typeof inputWriter>;
  #input = new Float32Array(0);
  #decode: Decode | undefined;
  #alphabet: readonly string[] | undefined;

  /** @throws TidewaiterError whatever opening the model throws. */
  static async open(id: string, settings: PoolSettings): Promise<ModelRunner> {
    const threshold = settings.models.find((model) => model.id === id)?.threshold ?? 0;
    const { permit, models: _, ...options } = settings;
    return new ModelRunner(await openModel(id, permit, { ...options, threshold }), settings, threshold);
  }

  private constructor(session: ModelSession, settings: PoolSettings, threshold: number) {
    this.card = session.card;
    this.#session = session;
    this.#settings = settings;
    this.#threshold = threshold;
    this.#write = inputWriter(session.card.input);
  }

  async detect(image: RgbImage, options: DetectOptions): Promise<RawDetection[]> {
    this.#decode ??= prepareDecoder(this.card);
    const threshold = this.#checkThreshold(options.threshold);
    const { classes } = options;
    const request = {
      threshold,
      size: { width: image.width, height: image.height },
      ...(classes === undefined ? {} : { classes: classIndices(this.card, classes) }),
    };
    return suppress(this.#decode(await this.#run(image), request), this.card.nms);
  }

  async detectText(image: RgbImage, lowest: number | undefined): Promise<TextQuad[]> {
    const { boxThreshold, unclip } = this.#textParameters('db-text', dbParameters);
    const threshold = this.#checkThreshold(lowest);
    const map = await this.#runText(image, 'map');
    return decodeDbText(map.data, image.width, image.height, {
      threshold,
      ...(boxThreshold === undefined ? {} : { boxThreshold }),
      ...(unclip === undefined ? {} : { unclip }),
    });
  }

  async readText(image: RgbImage): Promise<TextReading> {
    this.#textParameters('ctc-text', ctcParameters);
    this.#alphabet ??= parseAlphabet(this.#session.alphabet ?? '');
    const { data, dims } = await this.#runText(image, 'probabilities');
    const classes = dims[2]!;
    if (this.#alphabet.length !== classes - 1) {
      throw wrongCard(
        this.card,
        `the alphabet has ${this.#alphabet.length} characters with the space, the model tells ${classes - 1} apart`,
      );
    }
    return decodeCtc(data, dims[1]!, classes, this.#alphabet);
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  async #run(image: RgbImage): Promise<Tensors> {
    const { input } = this.card;
    const dims = inputDims(input, image);
    const length = dims.reduce((product, side) => product * side, 1);
    if (this.#input.length !== length) this.#input = new Float32Array(length);
    this.#write(image, this.#input);
    return this.#session.run({ [input.name]: { data: this.#input, dims } });
  }

  async #runText(image: RgbImage, role: string): Promise<Tensor> {
    const outputs = await this.#run(image);
    checkOutputs(this.card, outputs, image);
    const tensor = tensorOf(this.card, outputs, role);
    requireFinite(this.card, tensor.data);
    return tensor;
  }

  #textParameters<T extends z.ZodType>(family: OutputFamily, schema: T): z.output<T> {
    if (this.card.family !== family)
      throw wrongCard(this.card, `this work needs a model of family ${family}`);
    return parametersOf(this.card, schema);
  }

  /** The threshold to apply: the pool's, or one of this call that the permit covers too. */
  #checkThreshold(threshold = this.#threshold): number {
    if (this.#allowed.has(threshold)) return threshold;
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new TidewaiterError(
        'E_MODEL_THRESHOLD',
        `${threshold} is not a score threshold for model ${this.card.id}`,
        'Give a number from 0 to 1.',
      );
    }
    const { permit, use, purpose, site } = this.#settings;
    verifyPermit(
      permit,
      { modelId: this.card.id, digest: this.#session.digest, use, purpose, site, threshold },
      this.#settings,
    );
    this.#allowed.add(threshold);
    return threshold;
  }
}

function classIndices(card: ModelCard, names: readonly string[]): number[] {
  const unknown = names.find((name) => name === '' || !card.classes.includes(name));
  if (unknown !== undefined) {
    throw new TidewaiterError(
      'E_MODEL_CLASS',
      `Model ${card.id} does not know the class "${unknown}"`,
      `Choose among: ${[...new Set(card.classes)].filter((name) => name !== '').join(', ')}.`,
    );
  }
  return [...card.classes.keys()].filter((index) => names.includes(card.classes[index]!));
}
