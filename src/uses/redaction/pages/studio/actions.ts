import type { PixelBox } from '../../../../core/box.ts';
import type { Region } from '../../plan.ts';
import type { ReviewDoubt } from '../../review/doubts.ts';
import type { Verdict } from '../../review/state.ts';
import { words } from '../words.ts';
import { isThere } from './placed.ts';
import type { Studio } from './use-studio.ts';

/** How far a track is extended at each end, seconds. */
const LONGER = 0.5;
/** How long a box that was just drawn stays, seconds. */
const DRAWN = 2;
/** What is looked at around a doubt, seconds. */
const AROUND = 1;

const { said } = words;

/** Frames forward or back. */
export function step(studio: Studio, frames: number): void {
  studio.set.playing(false);
  studio.set.frame(studio.frame + frames);
}

export function seekBy(studio: Studio, seconds: number): void {
  studio.set.playing(false);
  studio.set.seek(studio.time + seconds);
}

/** Does something with the chosen track, or says that there is none. */
function withTrack(studio: Studio, does: (region: Region) => void): void {
  if (studio.selected === undefined) studio.set.message(words.track.ownOnly);
  else does(studio.selected);
}

export function toggle(studio: Studio): void {
  withTrack(studio, ({ id, redact }) =>
    studio.choose(redact ? said.visible(id) : said.covered(id), {
      op: 'mark',
      regions: [id],
      redact: !redact,
    }),
  );
}

export function toggleClass(studio: Studio): void {
  withTrack(studio, ({ class: name, redact }) =>
    studio.choose(redact ? said.visible(name) : said.covered(name), {
      op: 'class',
      class: name,
      redact: !redact,
    }),
  );
}

export function split(studio: Studio): void {
  withTrack(studio, ({ id }) => {
    const as = freeName(studio, id.replace(/-part\d+$/, '') + '-part');
    studio.edit(said.split(id, as), { op: 'split', region: id, at: studio.time, as });
  });
}

export function merge(studio: Studio, { id }: Region, other: Region): boolean {
  return studio.edit(said.merged(id, other.id), { op: 'merge', region: id, with: other.id });
}

export function extendBoth(studio: Studio): void {
  withTrack(studio, ({ id, start, end }) => {
    const { first, last } = studio.session.base.clip;
    studio.edit(said.extended(id), {
      ...{ op: 'span', region: id },
      start: Math.max(first, start - LONGER),
      end: Math.min(last, end + LONGER),
    });
  });
}

/** Lets the chosen track begin or end at the frame shown. */
export function bound(studio: Studio, which: 'start' | 'end'): void {
  withTrack(studio, ({ id }) =>
    studio.edit(said.moved(id), { op: 'span', region: id, [which]: studio.time }),
  );
}

export function addBox(studio: Studio, box: PixelBox): void {
  const { rules, clip } = studio.session.base;
  const region = freeName(studio, 'box');
  const name = rules.classes.includes('box') ? 'box' : (rules.classes[0] ?? 'box');
  const start = studio.time;
  const done = studio.edit(said.added(region), {
    ...{ op: 'add', region, class: name, start },
    end: Math.min(clip.last, start + DRAWN),
    keyframes: [[start, ...numbers(box)]],
  });
  studio.set.mode('look');
  if (done) studio.set.select(region);
}

export function moveBox(studio: Studio, region: string, box: PixelBox): void {
  studio.edit(said.moved(region), {
    ...{ op: 'keyframe', region, at: studio.time },
    box: numbers(box),
  });
}

export function remove(studio: Studio): void {
  withTrack(studio, ({ id, origin }) => {
    if (origin !== 'person') studio.set.message(words.track.proposalsStay);
    else studio.edit(said.removed(id), { op: 'remove', region: id });
  });
}

export function undo(studio: Studio): void {
  studio.act(() => (studio.session.undo() ? said.undone : said.nothing));
}

export function redo(studio: Studio): void {
  studio.act(() => (studio.session.redo() ? said.redone : said.nothingAgain));
}

/** Doubts in the order in which they are looked at. */
export function openDoubts({ doubts }: Pick<Studio, 'doubts'>): readonly ReviewDoubt[] {
  return doubts.filter(({ verdict }) => verdict === 'open');
}

export function stepDoubt(studio: Studio, by: 1 | -1): void {
  const open = openDoubts(studio);
  const at = open.findIndex(({ id }) => id === studio.doubt?.id);
  const next = at === -1 ? (by === 1 ? 0 : open.length - 1) : (at + by + open.length) % open.length;
  const doubt = open[next];
  if (doubt === undefined)
    return studio.set.message(studio.doubts.length === 0 ? words.doubts.none : words.doubts.done);
  studio.set.panel('doubts');
  studio.set.doubt(doubt);
  studio.set.message(doubt.says);
}

/** Gives a verdict and goes on to the doubt after. */
export function settle(studio: Studio, verdict: Verdict): void {
  const { doubt } = studio;
  if (doubt === undefined) return stepDoubt(studio, 1);
  const open = openDoubts(studio);
  const next =
    open[open.findIndex(({ id }) => id === doubt.id) + 1] ?? open.find(({ id }) => id !== doubt.id);
  const kind = words.kind[doubt.kind] ?? doubt.kind;
  const says = verdict === 'open' ? words.doubts.unsure : words.verdict[verdict];
  if (verdict !== 'open' || doubt.verdict !== 'open') {
    const operation = { op: 'doubt', doubt: doubt.id, verdict } as const;
    if (!studio.edit(words.doubts.said(kind, says), operation)) return;
  }
  if (next === undefined) return studio.set.message(words.doubts.done);
  studio.set.doubt(next);
  studio.set.message(next.says);
}

export function loopDoubt(studio: Studio): void {
  const { doubt, loop, clock } = studio;
  if (loop !== undefined) {
    studio.set.loop(undefined);
    return studio.set.playing(false);
  }
  if (doubt === undefined) return stepDoubt(studio, 1);
  const { whole } = clock;
  const from = Math.max(whole.from, doubt.start - AROUND);
  studio.set.loop({ from, to: Math.min(whole.to, doubt.end + AROUND) });
  studio.set.seek(from);
  studio.set.playing(true);
}

export function stepTrack(studio: Studio, by: 1 | -1): void {
  const { lanes, selected, time } = studio;
  const at = lanes.findIndex(({ id }) => id === selected?.id);
  const region = lanes[at === -1 ? 0 : (at + by + lanes.length) % lanes.length];
  if (region === undefined) return studio.set.message(words.track.empty);
  studio.set.select(region.id);
  if (!isThere(region, time)) studio.set.seek(region.start);
}

export function hush(studio: Studio): void {
  const { hushFrom, time, session } = studio;
  if (session.base.plan.source.kind === 'picture') return studio.set.message(words.sound.none);
  if (hushFrom === undefined) {
    studio.set.hushFrom(time);
    return studio.set.message(words.sound.started);
  }
  studio.set.hushFrom(undefined);
  const { hushed } = studio.now.state;
  const numbered = Array.from({ length: hushed.size + 1 }, (_, index) => `span-${index + 1}`);
  const span = numbered.find((name) => !hushed.has(name)) ?? `span-${hushed.size + 1}`;
  const [start, end] = [Math.min(hushFrom, time), Math.max(hushFrom, time)];
  studio.edit(said.hushed, { op: 'hush', span, start, end });
}

/** Other tracks of the class, nearest in time first. */
export function mergeable({ plan }: Studio, region: Region): Region[] {
  const apart = (other: Region): number => Math.max(0, other.start - region.end, region.start - other.end);
  return plan.regions
    .filter((other) => other.class === region.class && other.id !== region.id)
    .sort((a, b) => apart(a) - apart(b) || a.start - b.start);
}

/** A name that no edit of the log has used: a deletion may be undone. */
function freeName({ session, now }: Studio, stem: string): string {
  const used = new Set<string>(now.state.parts.keys());
  for (const { do: operation } of session.log) {
    if (operation.op === 'add') used.add(operation.region);
    if (operation.op === 'split') used.add(operation.as);
  }
  let number = 1;
  while (used.has(`${stem}${stem.endsWith('part') ? '' : '-'}${number}`)) number++;
  return `${stem}${stem.endsWith('part') ? '' : '-'}${number}`;
}

function numbers({ x, y, width, height }: PixelBox): [number, number, number, number] {
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return [tenth(x), tenth(y), tenth(width), tenth(height)];
}
