import type { KeyBinding } from '../../../../../web/kit/keys.tsx';
import { words } from '../words.ts';
import * as actions from './actions.ts';
import type { Following } from './use-follow.ts';
import type { Similarity } from './use-similar.ts';
import type { Studio } from './use-studio.ts';

const views = ['redacted', 'source', 'both'] as const;

/** What every key of the studio does; the help sheet shows these. */
export function studioKeys(
  studio: Studio,
  follow: Following,
  similar: Similarity,
  ask: (dialog: 'merge' | 'state' | 'sheet') => void,
): readonly KeyBinding[] {
  const { keys, doubts, track } = words;
  const { set } = studio;
  const bind = (key: string, does: string, run: () => void): KeyBinding => ({ key, does, run });
  const back = (): void => actions.step(studio, -1);
  const forward = (): void => actions.step(studio, 1);
  const play = (): void => set.playing(!studio.playing);
  const undo = (): void => actions.undo(studio);
  const redo = (): void => actions.redo(studio);
  return [
    bind('n', doubts.next, () => actions.stepDoubt(studio, 1)),
    bind('b', doubts.back, () => actions.stepDoubt(studio, -1)),
    bind('g', keys.sheet, () => ask('sheet')),
    bind('1', keys.fine, () => actions.settle(studio, 'fine')),
    bind('2', keys.mended, () => actions.settle(studio, 'mended')),
    bind('3', keys.unsure, () => actions.settle(studio, 'open')),
    bind('o', keys.loop, () => actions.loopDoubt(studio)),
    bind('p', keys.play, play),
    bind('Space', keys.play, play),
    bind(',', keys.back, back),
    bind('.', keys.forward, forward),
    bind('ArrowLeft', keys.back, back),
    bind('ArrowRight', keys.forward, forward),
    bind('<', keys.secondBack, () => actions.seekBy(studio, -1)),
    bind('>', keys.secondForward, () => actions.seekBy(studio, 1)),
    bind('Home', keys.first, () => set.frame(0)),
    bind('End', keys.last, () => set.frame(studio.clock.count - 1)),
    bind('j', track.next, () => actions.stepTrack(studio, 1)),
    bind('k', track.back, () => actions.stepTrack(studio, -1)),
    bind('x', keys.toggle, () => actions.toggle(studio)),
    bind('X', words.classes.toggle, () => actions.toggleClass(studio)),
    bind('s', track.split, () => actions.split(studio)),
    bind('m', track.merge, () => ask('merge')),
    bind('w', track.extend, () => actions.extendBoth(studio)),
    bind('[', track.begin, () => actions.bound(studio, 'start')),
    bind(']', track.end, () => actions.bound(studio, 'end')),
    bind('d', keys.draw, () => set.mode('draw')),
    bind('e', track.adjust, () => set.mode('adjust')),
    bind('f', track.follow, follow.start),
    bind('a', keys.similar, similar.next),
    bind('Delete', track.remove, () => actions.remove(studio)),
    bind('r', keys.reason, () => focusOn('reason')),
    bind('y', keys.style, () => focusOn('style')),
    bind('t', keys.threshold, () => {
      set.panel('classes');
      requestAnimationFrame(() => focusOn('threshold'));
    }),
    bind('h', keys.hush, () => actions.hush(studio)),
    bind('u', keys.undo, undo),
    bind('Ctrl+z', keys.undo, undo),
    bind('U', keys.redo, redo),
    bind('Ctrl+Z', keys.redo, redo),
    bind('Ctrl+y', keys.redo, redo),
    bind('v', keys.view, () =>
      set.view(views[(views.indexOf(studio.view) + 1) % views.length] ?? 'redacted'),
    ),
    bind('+', words.transport.zoomIn, () => set.zoom(0.5)),
    bind('-', words.transport.zoomOut, () => set.zoom(2)),
    bind('R', keys.releases, () => {
      set.panel('releases');
      requestAnimationFrame(() => focusOn('scope'));
    }),
    bind('S', keys.submit, () => ask('state')),
  ];
}

function focusOn(name: string): void {
  document.querySelector<HTMLElement>(`[data-key="${name}"]`)?.focus();
}
