import { coverage, iou, type PixelBox } from '../core/box.ts';
import type { ModelReference, Observation, PixelSource } from '../core/observation.ts';
import type { TextReading } from './detection.ts';
import type { InferencePool } from './inference-pool.ts';
import { lookAt, looksTheSame, type Look } from './same-picture.ts';
import {
  classifyLines,
  compilePatterns,
  compileWords,
  TextReader,
  type SensitiveRules,
  type TextLine,
} from './text/index.ts';

export interface TextModels {
  readonly textDetector: string;
  readonly textRecogniser: string;
}

/** Letters of a passport's line (ICAO 9303-4, TD3); cards have fewer. */
const MRZ_LETTERS = 44;
/** A reading this sure is taken over by the same line in the next look instead of being read again. */
const SURE_READING = 0.85;
const SAME_LINE_IOU = 0.6;
/** Plates sit below this share of a vehicle's height; signs and stickers above it are text like any other. */
const PLATE_ZONE_TOP = 0.3;

/**
 * Finds, reads and names lines of text, look after look. Lines that stand still are read once: reading costs as much
 * as finding when there are many. Looks must be asked for in the order of time, one after the other.
 */
export class TextLook {
  readonly #reader: TextReader;
  readonly #rules: SensitiveRules;
  readonly #model: ModelReference;
  #known: { look: Look; reading: TextReading }[] = [];

  constructor(pool: InferencePool, models: TextModels, rules: SensitiveRules) {
    this.#reader = new TextReader(pool, { detector: models.textDetector, recogniser: models.textRecogniser });
    const card = pool.card(models.textDetector);
    this.#model = { id: card.id, digest: card.digest };
    this.#rules = {
      words: compiled(rules.words, compileWords),
      patterns: compiled(rules.patterns, compilePatterns),
    };
  }

  /** @param maxSide longest side of the picture that is looked at; a larger one is scaled down to it. */
  find(source: PixelSource, maxSide: number): Promise<TextLine[]> {
    return this.#reader.find(source, { maxSide });
  }

  /** @param vehicles text in the lower part of one of these is a plate. */
  async read(
    source: PixelSource,
    lines: readonly TextLine[],
    vehicles: readonly Observation[],
  ): Promise<Observation[]> {
    const read = await Promise.all(
      lines.map(async (line) => ({
        line,
        reading: this.#recall(source, line) ?? (await this.#reader.read(source, line)),
      })),
    );
    this.#known = read
      .filter(({ reading }) => reading.score >= SURE_READING)
      .flatMap(({ line, reading }) => {
        const look = lookAt(source, line.box);
        return look === undefined ? [] : [{ look, reading }];
      });
    const onVehicle = lines.map((line) => vehicles.some((vehicle) => inPlateZone(line.box, vehicle.box)));
    const kinds = classifyLines(
      read.map(({ line, reading }, index) => ({
        box: line.box,
        corners: line.corners,
        text: reading.text,
        ...(onVehicle[index] === true ? { context: 'vehicle' as const } : {}),
      })),
      this.#rules,
    );
    const boxes = read.map(({ line, reading }, index) =>
      kinds[index] === 'mrz' ? fullLine(line, reading.text, lines, kinds) : line.box,
    );
    return read.map(({ line, reading }, index): Observation => {
      const kind = kinds[index];
      return {
        class: onVehicle[index] === true ? 'plate' : 'text',
        box: boxes[index] ?? line.box,
        score: line.score,
        model: this.#model,
        text: reading.text,
        ...(kind === undefined ? {} : { kind }),
      };
    });
  }

  /** The reading of a line that stands where one stood before, if that place still looks the same. */
  #recall(source: PixelSource, line: TextLine): TextReading | undefined {
    const known = this.#known.find(({ look }) => iou(look.box, line.box) >= SAME_LINE_IOU);
    return known !== undefined && looksTheSame(source, known.look) ? known.reading : undefined;
  }
}

/**
 * The lines of a machine-readable zone are equally long, but detectors stop inside the run of fillers that ends most of
 * them: each line is made as long as the longest of its zone, and as its letters would make a whole line.
 */
function fullLine(
  line: TextLine,
  text: string,
  lines: readonly TextLine[],
  kinds: readonly (string | undefined)[],
): PixelBox {
  const zone = lines.filter((other, index) => {
    const distance = Math.abs(other.box.y + other.box.height / 2 - line.box.y - line.box.height / 2);
    return kinds[index] === 'mrz' && distance < 3 * Math.min(line.box.height, other.box.height);
  });
  const left = Math.min(...zone.map(({ box }) => box.x));
  const right = Math.max(...zone.map(({ box }) => box.x + box.width));
  const letters = Math.max(MRZ_LETTERS / 3, text.replaceAll(' ', '').length);
  const whole = line.box.width * Math.max(1, MRZ_LETTERS / letters);
  return { ...line.box, x: left, width: Math.max(right - left, line.box.x - left + whole) };
}

function inPlateZone(line: PixelBox, vehicle: PixelBox): boolean {
  const zone: PixelBox = {
    x: vehicle.x,
    y: vehicle.y + vehicle.height * PLATE_ZONE_TOP,
    width: vehicle.width,
    height: vehicle.height * (1 - PLATE_ZONE_TOP),
  };
  return coverage(line, zone) > 0.6;
}

/** Rules are compiled once: they are asked for every line. */
function compiled<Matcher>(
  rules: readonly string[] | Matcher | undefined,
  compile: (list: readonly string[]) => Matcher,
): Matcher {
  if (rules === undefined) return compile([]);
  return isList(rules) ? compile(rules) : rules;
}

function isList(rules: unknown): rules is readonly string[] {
  return Array.isArray(rules);
}
