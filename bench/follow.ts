import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { composeScene } from '../material/scene.ts';
import { area, clipped, coverage, type PixelBox, type Size } from '../src/core/box.ts';
import { Random } from '../src/core/random.ts';
import { openVideo } from '../src/media/video/index.ts';
import { writeClip } from '../src/scenes/clip/clip.ts';
import { clusterBootstrapInterval } from '../src/stats/index.ts';
import { followInFile } from '../src/uses/redaction/review/follow-clip.ts';
import type { FollowRequest } from '../src/vision/follow/follow.ts';
import { appearanceOf, likeness, meanAppearance } from '../src/vision/follow/appearance.ts';
import { readSequence } from '../test/mot-sequences.ts';
import { pedestrianClip, sharedData } from '../test/needs.ts';
import type { Bench } from './lib/bench.ts';
import { printTable } from './lib/table.ts';

/**
 * How well a box that somebody drew is followed, and whether the same person is found elsewhere in a recording. No
 * detector helps here: this is what is left when models miss somebody. Settings were chosen on the scenes `choose-1` to
 * `choose-4` and on frames 0 to 399 of `vtest.avi`; what is reported is of others.
 */
export const bench: Bench = {
  title: 'Following a box, and the same person elsewhere',
  run: async ({ short, folder, print }) => {
    const tracks = [
      ...(await composed(folder, short ? 1 : 8)),
      ...(existsSync(sharedData) ? await pedestrians(short ? 2 : 30) : []),
    ];
    print(
      'A box is drawn once and followed up to 5 s both ways. Covered: frames of those followed in which at least 95 % of ' +
        'the true box lie in the followed one. Outside: area of the boxes beyond the true ones, as a share of these. ' +
        'Intervals are 95 %, whole tracks resampled. Composed clips are simulated.',
    );
    print('');
    printTable(
      print,
      ['boxes', 'tracks', 'frames', 'covered', 'outside', 'followed of what can be seen', 'ms/frame'],
      [...groupsOf(tracks)].map(([name, group]) => rowOf(name, group)),
    );
    if (existsSync(sharedData)) await identities(short, print);
  },
};

/** One track that was followed. */
interface FollowedTrack {
  readonly source: string;
  readonly size: number;
  /** Way of its centre in a second, in its own sizes. */
  readonly speed: number;
  readonly frames: readonly { readonly covered: boolean; readonly outside: number }[];
  /** Frames in the span in which at least half of it can be seen. */
  readonly there: number;
  readonly milliseconds: number;
}

type TruthAt = (time: number) => PixelBox | undefined;

async function composed(folder: string, scenes: number): Promise<FollowedTrack[]> {
  const tracks: FollowedTrack[] = [];
  for (let number = 0; number < scenes; number++) {
    const setting = (['lane', 'yard', 'street', 'hall'] as const)[number % 4]!;
    const scene = await composeScene({
      seed: `follow/report/${number}`,
      width: 960,
      height: 540,
      seconds: 3,
      settings: [setting],
    });
    const path = join(folder, `follow-${number}.mp4`);
    await writeClip(scene, path);
    const middle = scene.times.length >> 1;
    const wanted = new Set(['face', 'person', 'vehicle']);
    for (const thing of scene.truth(middle)) {
      if (!wanted.has(thing.class) || thing.occludedShare > 0.1 || thing.box.width < 12) continue;
      const truth: TruthAt = (time) => {
        const known = scene.truth(scene.times.findIndex((other) => Math.abs(other - time) < 1e-3));
        const same = known.find(({ id }) => id === thing.id);
        return same !== undefined && same.occludedShare < 0.5 ? same.box : undefined;
      };
      const at = scene.times[middle]!;
      tracks.push(await one('composed', path, { at, box: thing.box }, scene.times, truth, scene));
    }
  }
  return tracks;
}

/** The second half of the clip: 10 frames a second as the container says, which walk as in 7. */
async function pedestrians(most: number): Promise<FollowedTrack[]> {
  const paths = truthPaths(400, 795);
  const tracks: FollowedTrack[] = [];
  for (const path of paths) {
    const frames = [...path.keys()];
    if (frames.length < 30) continue;
    for (const share of [0.25, 0.5, 0.75]) {
      if (tracks.length >= most) return tracks;
      const frame = frames[Math.floor(frames.length * share)]!;
      const times = Array.from({ length: 395 }, (_, index) => (400 + index) / 10);
      const truth: TruthAt = (time) => path.get(Math.round(time * 10));
      const size = { width: 768, height: 576 };
      const asked = { at: frame / 10, box: path.get(frame)! };
      tracks.push(await one('vtest.avi', pedestrianClip, asked, times, truth, size));
    }
  }
  return tracks;
}

/** Where each person of the clip is, by frame from 0. */
function truthPaths(from: number, to: number): ReadonlyMap<number, PixelBox>[] {
  const paths = new Map<number | string, Map<number, PixelBox>>();
  for (const [frame, boxes] of readSequence('PETS09-S2L1').truth) {
    if (frame - 1 < from || frame - 1 >= to) continue;
    for (const { id, box } of boxes) {
      const path = paths.get(id) ?? new Map<number, PixelBox>();
      paths.set(id, path.set(frame - 1, box));
    }
  }
  return [...paths.values()];
}

async function one(
  source: string,
  input: string,
  asked: Pick<FollowRequest, 'at' | 'box'>,
  times: readonly number[],
  truth: TruthAt,
  size: Size,
): Promise<FollowedTrack> {
  const [first, last] = [times[0]!, times.at(-1)!];
  const [from, to] = [Math.max(first, asked.at - 5), Math.min(last, asked.at + 5)];
  const began = performance.now();
  const request = { ...asked, from, to, first, last, cuts: [], seen: [] };
  const hooks = { signal: new AbortController().signal, onFollowed: () => undefined };
  const { boxes } = await followInFile({ task: 'follow', input, request }, hooks);
  const milliseconds = (performance.now() - began) / boxes.length;
  const frames = boxes.flatMap(({ time, box }) => {
    const known = truth(time);
    // The frame that the box was drawn on is no achievement.
    if (known === undefined || time === asked.at) return [];
    const share = coverage(known, box);
    return [{ covered: share >= 0.95, outside: area(clipped(box, size)) / area(known) - share }];
  });
  const there = times.filter((time) => time >= from && time <= to && truth(time) !== undefined);
  const places = there.map((time) => truth(time)!);
  const way = places.slice(1).reduce((sum, place, index) => {
    const before = places[index]!;
    return sum + Math.hypot(place.x - before.x, place.y - before.y);
  }, 0);
  const side = Math.sqrt(area(asked.box));
  const speed = way / side / Math.max(0.1, there.at(-1)! - there[0]!);
  return { source, size: side, speed, frames, there: there.length - 1, milliseconds };
}

function groupsOf(tracks: readonly FollowedTrack[]): Map<string, FollowedTrack[]> {
  const groups = new Map<string, FollowedTrack[]>();
  const put = (name: string, track: FollowedTrack): unknown =>
    groups.set(name, [...(groups.get(name) ?? []), track]);
  for (const track of tracks) put(`${track.source}: all`, track);
  for (const track of tracks)
    put(
      `${track.source}: ${track.size < 40 ? 'below 40' : track.size < 80 ? '40 to 80' : '80 and more'} pixels`,
      track,
    );
  for (const track of tracks)
    put(
      `${track.source}: ${track.speed < 1 ? 'below 1' : track.speed < 3 ? '1 to 3' : '3 and more'} sizes/s`,
      track,
    );
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function rowOf(name: string, tracks: readonly FollowedTrack[]): (string | number)[] {
  const clusters = tracks.map(({ frames }) => frames).filter((frames) => frames.length > 0);
  const rate = (frames: readonly { readonly covered: boolean }[]): number =>
    frames.filter(({ covered }) => covered).length / frames.length;
  const all = clusters.flat();
  const random = new Random('follow');
  const { low, high } = clusterBootstrapInterval(clusters, rate, { random });
  const there = tracks.reduce((sum, track) => sum + track.there, 0);
  const outside = all.reduce((sum, frame) => sum + frame.outside, 0) / all.length;
  const cost = tracks.reduce((sum, track) => sum + track.milliseconds, 0) / tracks.length;
  const percent = (value: number): string => (100 * value).toFixed(1);
  return [
    ...[name, tracks.length, all.length, `${percent(rate(all))} % (${percent(low)}-${percent(high)})`],
    ...[`${percent(outside)} %`, `${percent(all.length / there)} %`, cost.toFixed(1)],
  ];
}

/**
 * Each person's time in the clip is cut into pieces of three seconds; of a piece, and of one other piece of each person
 * who is not in the picture at that time, the most alike is taken.
 */
async function identities(short: boolean, print: (line: string) => void): Promise<void> {
  const paths = truthPaths(0, 795).filter((path) => path.size >= 60);
  const pieces = paths.flatMap((path, person) => {
    const frames = [...path.keys()];
    return Array.from({ length: Math.floor(frames.length / 30) }, (_, piece) => {
      const own = frames.slice(piece * 30, piece * 30 + 30);
      return { person, own, glances: [5, 10, 15, 20, 25].map((at) => own[at]!), looks: [] as Float32Array[] };
    });
  });
  const reader = await openVideo(pedestrianClip);
  for await (const frame of reader.frames()) {
    if (short && frame.index > 200) break;
    for (const piece of pieces)
      if (piece.glances.includes(frame.index))
        piece.looks.push(appearanceOf(frame, paths[piece.person]!.get(frame.index)!, 'person'));
  }
  const known = pieces.filter(({ looks }) => looks.length > 0);
  const trials = known.flatMap((probe) => {
    const others = known.filter(
      (other) => other !== probe && !other.own.some((frame) => Math.abs(frame - probe.own[0]!) < 60),
    );
    const gallery = [...Map.groupBy(others, ({ person }) => person).values()].map((group) => group[0]!);
    if (!gallery.some(({ person }) => person === probe.person) || gallery.length < 2) return [];
    const own = meanAppearance(probe.looks);
    const alike = (other: (typeof known)[number]): number =>
      likeness(own, meanAppearance(other.looks))?.score ?? 0;
    const best = gallery.reduce((a, b) => (alike(b) > alike(a) ? b : a));
    return [{ person: probe.person, hit: best.person === probe.person, chance: 1 / gallery.length }];
  });
  if (trials.length === 0) return;
  const clusters = [...Map.groupBy(trials, ({ person }) => person).values()];
  const rate = (some: readonly { readonly hit: boolean }[]): number =>
    some.filter(({ hit }) => hit).length / some.length;
  const { low, high } = clusterBootstrapInterval(clusters, rate, { random: new Random('identities') });
  const chance = trials.reduce((sum, trial) => sum + trial.chance, 0) / trials.length;
  print(
    `The same person first, among all others of \`vtest.avi\` (true boxes): ${rate(trials).toFixed(3)} ` +
      `(${low.toFixed(3)}-${high.toFixed(3)}), n = ${trials.length} of ${clusters.length} persons; chance is ${chance.toFixed(3)}.`,
  );
  print('');
}
