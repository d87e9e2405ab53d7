import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePhotos } from '../material/faces.ts';
import { scatterSvg, scatterText } from '../src/report/scatter.ts';
import { photosOf, seedsOf } from '../src/scenes/halves.ts';
import { type ComposedClip, type Evaluation, evaluate } from '../src/uses/redaction/evaluate/evaluate.ts';
import { type Costed, paretoPlot } from '../src/uses/redaction/evaluate/pareto.ts';
import { evaluationTables } from '../src/uses/redaction/evaluate/table.ts';
import type { RedactionPlan } from '../src/uses/redaction/plan.ts';
import { render } from '../src/uses/redaction/render.ts';
import { projectRoot } from '../test/needs.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { costOf } from './lib/cpu.ts';
import { engineOptions, variants } from './lib/pipeline.ts';
import { goalRows, recallGoals } from './lib/recall-goals.ts';
import { clipCache } from './lib/recall.ts';
import { scaleBy, transcode } from './lib/reference.ts';
import { printTable } from './lib/table.ts';

/** Clips that are rendered as well, to know what drawing and encoding cost. */
const rendered = 8;

/** What the profiles cover of seeded scenes that they were not tuned on, and what they cost: one Pareto curve. */
export const bench: Bench = {
  title: 'Recall: what profiles cover of what is known to be there',
  run: measure,
};

async function measure(context: BenchContext): Promise<void> {
  const { short, print, folder } = context;
  const seeds = short ? seedsOf('reporting', 2) : seedsOf('reporting');
  const drawing = new Drawing(folder);
  const contenders = [variants.fast, variants.standard, variants.thorough];
  const costed: Costed[] = [];
  for (const contender of contenders) {
    drawing.start();
    const [evaluation] = await evaluate(
      {
        contenders: [contender],
        seeds,
        photos: photosOf('reporting', packagePhotos),
        engine: engineOptions,
        folder: clipCache('reporting'),
      },
      { onClip: (clip, plan) => drawing.take(clip, plan) },
    );
    if (evaluation !== undefined)
      costed.push({ evaluation, cpuPerFrame: evaluation.cpuPerFrame + drawing.perFrame });
  }
  report(costed, drawing.reference, context);
  for (const { evaluation } of costed) printTables(evaluation, print);
}

/** Renders some of the clips and lets ffmpeg transcode them, to measure both. */
class Drawing {
  readonly #output: string;
  #clips = 0;
  #cpu = 0;
  #frames = 0;
  #referenceCpu = 0;
  #referenceFrames = 0;

  constructor(folder: string) {
    this.#output = join(folder, 'rendered.mp4');
  }

  start(): void {
    [this.#clips, this.#cpu, this.#frames] = [0, 0, 0];
  }

  async take({ path, truth }: ComposedClip, plan: RedactionPlan): Promise<void> {
    if (this.#clips++ >= rendered) return;
    const job = { input: path, plan, output: this.#output, allowDamage: false };
    this.#cpu += (await costOf(() => render(job, {}))).cpu;
    this.#frames += truth.frames.length;
    this.#referenceCpu += (await transcode(path, this.#output)).cpu;
    this.#referenceFrames += truth.frames.length;
    rmSync(this.#output);
  }

  /** Processor seconds per frame of rendering. */
  get perFrame(): number {
    return this.#cpu / this.#frames;
  }

  /** The same of ffmpeg's transcode. */
  get reference(): number {
    return this.#referenceCpu / this.#referenceFrames;
  }
}

function report(costed: readonly Costed[], reference: number, { short, folder, print }: BenchContext): void {
  const scale = scaleBy(reference);
  print(`Simulated. Goals of cost are scaled by this run's transcode: ${reference.toFixed(4)} / 0.012.`);
  print('');
  const goals = recallGoals.map(({ name, faces }) => ({
    name,
    cpuPerFrame: scale.cpu(faces.cpuPerFrame),
    recall: faces.recall,
  }));
  const plot = paretoPlot(costed, 'look, plan, draw and encode', goals);
  if (plot !== undefined) {
    print(['```', ...scatterText(plot), '```', ''].join('\n'));
    const path = short ? join(folder, 'pareto.svg') : join(projectRoot, 'docs/images/pareto.svg');
    writeFileSync(path, scatterSvg(plot));
  }
  printTable(
    print,
    ['profile', 'measure', 'simulated', 'goal', 'reached'],
    costed.flatMap((one) => goalRows(one, scale)),
  );
}

function printTables(evaluation: Evaluation, print: (line: string) => void): void {
  for (const { title, head, rows } of evaluationTables(evaluation)) {
    print(`**${title}**`);
    print('');
    printTable(print, head, rows);
  }
}
