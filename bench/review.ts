import type { Page } from 'playwright-core';
import { packagePhotos } from '../material/faces.ts';
import { clipped, type PixelBox } from '../src/core/box.ts';
import type { LoggedRedactionEdit, RedactionRelease } from '../src/client/index.ts';
import { photosOf, seedsOf, type Half } from '../src/scenes/halves.ts';
import { clopperPearsonUpper } from '../src/stats/index.ts';
import { discernible, smallest } from '../src/uses/redaction/evaluate/bands.ts';
import { composeClips, type ComposedClip } from '../src/uses/redaction/evaluate/evaluate.ts';
import { COVERED } from '../src/uses/redaction/evaluate/score.ts';
import { judgeClip, planMasks, type Sighting } from '../src/uses/redaction/evaluate/sightings.ts';
import { parsePlan, type RedactionPlan } from '../src/uses/redaction/plan.ts';
import { applyEdits } from '../src/uses/redaction/review/apply.ts';
import type { ReviewBase } from '../src/uses/redaction/review/base.ts';
import type { ReviewDoubt } from '../src/uses/redaction/review/doubts.ts';
import type { Edit } from '../src/uses/redaction/review/edit.ts';
import { questionsOf, type Question } from '../src/uses/redaction/review/questions.ts';
import { openStudioPlace, type Worker } from '../test/console/studio-place.ts';
import { goToFrame } from '../test/console/studio-pixels.ts';
import { settled } from '../test/redaction/review/office.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { isIn, isNoticed, Operator, watched } from './lib/operator.ts';
import { clipCache } from './lib/recall.ts';
import { composeSparse } from './lib/sparse-clips.ts';
import { printTable, verdict } from './lib/table.ts';

/** As `public-release` in all but the second person, who would only wait. */
const PROFILE = 'thorough';
/** Boxes that the operator draws for one thing before going on. */
const MOST_BOXES = 4;
/** A drawn box is larger than the thing, on each side, by this share of it. */
const DRAWN_LARGER = 0.15;
/** Questions that the studio asks on one page of its sheet. */
const PAGE = 4;

/**
 * A scripted review of composed clips in the real studio: a simulated operator judges the doubts on the sheet by keys, has
 * played what was put aside, and sees nothing of the rest of the clip. What is wrong there the script knows from the truth: on the
 * sheet it notices only what the small pictures show, at their moments. It mends in the page, and has it
 * rendered; then the rendered plans are held against the truth. Sparse clips hold about as much as a fixed camera sees; the
 * dense ones of the evaluation are a stress.
 */
export const bench: Bench = { title: 'Scripted review: operator time and what is left', run: measure };

/** How a review of one clip went. */
interface Reviewed {
  readonly doubts: number;
  readonly questions: number;
  /** Until all pictures of the first page were there, as measured on this machine. */
  readonly waited: number;
  readonly seconds: number;
  readonly things: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly mended: number;
}

async function measure({ short, print }: BenchContext): Promise<void> {
  // Doubts are chosen on the tuning half: `TIDEWAITER_BENCH_HALF=tuning`. `TIDEWAITER_BENCH_FOOTAGE=sparse` leaves the dense out.
  const half: Half = process.env['TIDEWAITER_BENCH_HALF'] === 'tuning' ? 'tuning' : 'reporting';
  const [photos, folder] = [photosOf(half, packagePhotos), clipCache(half)];
  const footages = [
    { name: 'sparse', compose: () => composeSparse(seedsOf(half, short ? 1 : 6), photos, folder) },
    { name: 'dense', compose: () => composeClips({ seeds: seedsOf(half, short ? 1 : 24), photos, folder }) },
  ].filter(({ name }) => [undefined, name].includes(process.env['TIDEWAITER_BENCH_FOOTAGE']));
  const place = await openStudioPlace();
  try {
    const worker = await place.hire('operator', 'officer');
    for (const { name, compose } of footages) {
      const operator = new Operator();
      const reviews: Reviewed[] = [];
      for (const clip of await compose()) {
        const one = await review(clip, worker, operator);
        const { doubts, questions, things, before, after } = one;
        const counts = `${things} things, ${before.length} exposed before, ${after.length} after`;
        print(
          `- ${clip.name}: ${doubts} doubts in ${questions} questions, ${counts}, ${operator.seconds.toFixed(0)} s so far`,
        );
        reviews.push(one);
      }
      print('');
      report(`${name}, ${half} half`, reviews, operator, print);
    }
  } finally {
    await place.close();
  }
}

async function review(clip: ComposedClip, worker: Worker, operator: Operator): Promise<Reviewed> {
  const { review: asked } = await worker.review(clip.path, `${clip.name}.mp4`, PROFILE);
  const page = await worker.studio(asked.id);
  const path = `/redaction/reviews/${asked.id}`;
  const base = await worker.call<ReviewBase>('GET', `${path}/base`);
  const work = new Work(clip, base, page, async () => {
    await page.getByText('All changes saved').waitFor();
    const { edits } = await worker.call<{ edits: LoggedRedactionEdit[] }>('GET', `${path}/edits`);
    return applyEdits(base, edits as unknown as Edit[]);
  });
  const before = exposedTracks(clip, base.plan);
  const list = async (): Promise<ReviewDoubt[]> =>
    (await worker.call<{ items: ReviewDoubt[] }>('GET', `${path}/doubts`)).items.filter(
      ({ verdict: said }) => said === 'open',
    );
  const doubts = (await list()).length;
  const sheet = await judgeSheet(work, page, base, operator, list);
  for (const seen = new Set<string>(); sheet.aside > 0;) {
    await page.keyboard.press('n');
    const current = page.locator('.st-list > .st-current');
    if ((await current.count()) === 0) break;
    const id = (await current.getAttribute('data-doubt')) ?? '';
    if (seen.has(id)) break;
    seen.add(id);
    const doubt = (await list()).find((one) => one.id === id);
    if (doubt === undefined) break;
    const { from, to } = watched(doubt, base.clip);
    operator.looks(to - from);
    const mended = await work.lookAt(doubt, operator);
    await page.keyboard.press(mended ? '2' : '1');
    await page.getByText('All changes saved').waitFor();
  }
  operator.ends();
  await page.keyboard.press('S');
  await page.getByRole('dialog', { name: 'Submit this review' }).waitFor();
  await page.keyboard.press('Enter');
  await settled(() => worker.call<{ state: string }>('GET', path), ['open', 'approved', 'rendering']);
  const { items } = await worker.call<{ items: RedactionRelease[] }>('GET', `${path}/releases`);
  const plan = parsePlan((await worker.content(items[0]?.files?.['plan'])).toString());
  await page.close();
  const after = exposedTracks(clip, plan);
  return {
    ...{ doubts, questions: sheet.questions, waited: sheet.waited },
    ...{ seconds: clip.truth.frames.length * work.frameSeconds, things: before.tracks.length },
    ...{ before: namesOf(before.exposed), after: namesOf(after.exposed), mended: work.boxes },
  };
}

/** Judges all doubts on the sheet. @returns how many questions there were, and how many were put aside. */
async function judgeSheet(
  work: Work,
  page: Page,
  { clip }: ReviewBase,
  operator: Operator,
  list: () => Promise<ReviewDoubt[]>,
): Promise<{ readonly questions: number; readonly aside: number; readonly waited: number }> {
  const aside = new Set<string>();
  const ask = async (): Promise<Question[]> =>
    questionsOf(
      (await list()).filter(({ id }) => !aside.has(id)),
      await work.plan(),
      clip,
    );
  let left = await ask();
  const questions = left.length;
  if (questions === 0) return { questions, aside: 0, waited: 0 };
  operator.opens();
  const since = performance.now();
  await page.keyboard.press('g');
  let waited: number | undefined;
  let put = 0;
  while (left.length > 0) {
    await page.locator(`.st-sheet[data-ready=true][data-questions="${left.length}"]`).waitFor();
    waited ??= (performance.now() - since) / 1000;
    for (const [index, question] of left.slice(0, PAGE).entries()) {
      const isFine = !(await work.seesIn(question));
      operator.judges(question.stills.length, isFine);
      if (isFine) continue;
      await page.keyboard.press(String(index + 1));
      put++;
      for (const { id } of question.doubts) aside.add(id);
    }
    operator.turns();
    await page.keyboard.press('0');
    await page.getByText('All changes saved').waitFor();
    left = await ask();
  }
  await page.locator('.st-sheet').waitFor({ state: 'detached' });
  return { questions, aside: put, waited: waited ?? 0 };
}

/** What is done in the page. */
class Work {
  readonly frameSeconds: number;
  boxes = 0;
  readonly #clip: ComposedClip;
  readonly #base: ReviewBase;
  readonly #page: Page;
  readonly plan: () => Promise<RedactionPlan>;

  constructor(clip: ComposedClip, base: ReviewBase, page: Page, plan: () => Promise<RedactionPlan>) {
    this.#clip = clip;
    this.#base = base;
    this.#page = page;
    this.plan = plan;
    const { frames } = clip.truth;
    this.frameSeconds = (frames.at(-1)!.time - frames[0]!.time) / (frames.length - 1);
  }

  /** Whether something exposed is in one of the pictures of a question, at the moment that it shows. */
  async seesIn({ stills }: Question): Promise<boolean> {
    const { frames } = this.#clip.truth;
    const shown = stills.map(({ time, field }) => ({
      frame: frames.findLastIndex((one) => one.time <= time + 1e-5),
      field,
    }));
    const { exposed } = exposedTracks(this.#clip, await this.plan());
    return exposed
      .flatMap(({ sightings }) => sightings)
      .some((one) => shown.some(({ frame, field }) => frame === one.frame && isIn(field, this.#at(one).box)));
  }

  /** Mends everything that is exposed where the operator looks. @returns whether anything was. */
  async lookAt(doubt: ReviewDoubt, operator: Operator): Promise<boolean> {
    const { from, to } = watched(doubt, this.#base.clip);
    const tries = new Map<string, number>();
    for (;;) {
      const { exposed } = exposedTracks(this.#clip, await this.plan());
      const noticed = exposed
        .flatMap(({ sightings }) => sightings.map((one) => ({ ...one, ...this.#at(one) })))
        .find(
          ({ track, time, box }) =>
            (tries.get(track) ?? 0) < MOST_BOXES &&
            // What was once mended is watched for as long as it was followed.
            (tries.has(track) ||
              (time >= from && time <= to && isNoticed(box, doubt, this.#clip.truth.width))),
        );
      if (noticed === undefined) return tries.size > 0;
      tries.set(noticed.track, (tries.get(noticed.track) ?? 0) + 1);
      await this.#draw(noticed.frame, noticed.box);
      operator.mends(await this.#follow());
    }
  }

  #at({ frame, track }: Sighting): { readonly time: number; readonly box: PixelBox } {
    const { time, things } = this.#clip.truth.frames[frame]!;
    const id = track.slice(this.#clip.name.length + 1);
    return { time, box: things.find((thing) => thing.id === id)!.box };
  }

  async #draw(frame: number, tight: PixelBox): Promise<void> {
    const page = this.#page;
    await goToFrame(page, frame);
    await page.keyboard.press('d');
    const { width, height } = this.#clip.truth;
    const [more, higher] = [DRAWN_LARGER * tight.width, DRAWN_LARGER * tight.height];
    const loose = { x: tight.x - more, y: tight.y - higher };
    const box = clipped(
      { ...loose, width: tight.width + 2 * more, height: tight.height + 2 * higher },
      { width, height },
    );
    const picture = (await page.locator('.st-overlay').boundingBox())!;
    const scale = picture.width / width;
    const at = (x: number, y: number): [number, number] => [picture.x + x * scale, picture.y + y * scale];
    // Half a pixel inside: a pointer on the very edge is beside the picture.
    await page.mouse.move(...at(box.x + 0.5, box.y + 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(box.x + box.width - 0.5, box.y + box.height - 0.5), { steps: 3 });
    await page.mouse.up();
    this.boxes++;
    await page.getByText(/^box-\d+ was added/).waitFor();
    await page.getByText('All changes saved').waitFor();
  }

  /** @returns how many seconds are watched of it. */
  async #follow(): Promise<number> {
    const before = await this.plan();
    await this.#page.keyboard.press('f');
    await this.#page
      .locator('.st-messages [role=status]')
      .filter({ hasText: /was followed|could not be followed/ })
      .waitFor({ timeout: 180_000 });
    const after = await this.plan();
    const own = after.regions.find(
      (region) =>
        before.regions.find(({ id }) => id === region.id)?.keyframes.length !== region.keyframes.length,
    );
    return own === undefined ? 0 : own.end - own.start;
  }
}

interface Track {
  readonly track: string;
  /** In which it can be seen. */
  readonly sightings: readonly Sighting[];
}

/** Tracks of the size that goals are about, and of those the ones that are exposed in a frame, with these frames. */
function exposedTracks(
  { name, truth }: ComposedClip,
  plan: RedactionPlan,
): { readonly tracks: readonly Track[]; readonly exposed: readonly Track[] } {
  const { sightings } = judgeClip(name, truth, planMasks(plan));
  const tracks = [...Map.groupBy(sightings.filter(discernible), ({ track }) => track)]
    .map(([track, of]): Track => ({ track, sightings: of }))
    .filter(
      ({ sightings: of }) =>
        of.reduce((sum, { pixels }) => sum + pixels, 0) / of.length >= smallest[of[0]!.class],
    );
  const exposed = tracks
    .map(({ track, sightings: of }) => ({ track, sightings: of.filter(({ share }) => share < COVERED) }))
    .filter(({ sightings: of }) => of.length > 0);
  return { tracks, exposed };
}

function namesOf(tracks: readonly Track[]): string[] {
  return tracks.map(
    ({ track, sightings }) =>
      `${track} (${sightings.length} frames, ${Math.round(100 * Math.min(...sightings.map(({ share }) => share)))} % covered)`,
  );
}

function report(
  footage: string,
  reviews: readonly Reviewed[],
  operator: Operator,
  print: (line: string) => void,
): void {
  const sum = (of: (one: Reviewed) => number): number => reviews.reduce((total, one) => total + of(one), 0);
  const [seconds, things] = [sum((one) => one.seconds), sum((one) => one.things)];
  const [doubts, questions] = [sum((one) => one.doubts), sum((one) => one.questions)];
  const waited = Math.max(...reviews.map((one) => one.waited));
  const [before, after] = [sum((one) => one.before.length), sum((one) => one.after.length)];
  const perHour = (60 * operator.seconds) / seconds;
  const upper = (leaks: number): string => `${(100 * clopperPearsonUpper(leaks, things)).toFixed(1)} %`;
  print(
    `Simulated: ${reviews.length} composed clips (${footage}), ${seconds.toFixed(0)} s of video with ` +
      `${things} things to cover (${((60 * things) / seconds).toFixed(0)} a minute), and simulated operator time. Bounds are ` +
      'one-sided, 95 % (Clopper and Pearson).',
  );
  print('');
  const frames = (value: number): string => `${value} of ${things}, <= ${upper(value)}`;
  printTable(
    print,
    ['measure', 'simulated', 'must be', 'kept'],
    [
      ['operator minutes per hour of this video', perHour.toFixed(0), '<= 15', verdict(perHour <= 15)],
      [
        'the same, were all of it submitted once',
        ((60 * (operator.seconds - operator.ended + operator.ended / reviews.length)) / seconds).toFixed(0),
        '-',
        '-',
      ],
      ['operator seconds per thing to cover', (operator.seconds / things).toFixed(1), '-', '-'],
      [
        'doubts; questions they are asked in, of which a minute of video',
        `${doubts}; ${questions}, ${((60 * questions) / seconds).toFixed(1)}`,
        '-',
        '-',
      ],
      ['longest wait for the first page of pictures, s, measured here', waited.toFixed(1), '-', '-'],
      ['boxes drawn', sum((one) => one.mended), '-', '-'],
      ['things exposed in a frame before the review', frames(before), '-', '-'],
      ['things exposed in a frame after it', frames(after), '0', verdict(after === 0)],
    ],
  );
  printTable(
    print,
    ['operator time, simulated', 'seconds'],
    [...operator.spent].map(([what, spent]) => [what, spent.toFixed(0)]),
  );
  const left = reviews.flatMap((one) => one.after);
  if (left.length > 0) print(`Left: ${left.join('; ')}\n`);
}
