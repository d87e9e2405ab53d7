import { useMemo, useState, useSyncExternalStore } from 'react';
import { TidewaiterError } from '../../../../core/errors.ts';
import type { RedactionPlan, Region } from '../../plan.ts';
import type { ReviewDoubt } from '../../review/doubts.ts';
import type { Choice, Operation } from '../../review/edit.ts';
import { planOf } from '../../review/state.ts';
import { words } from '../words.ts';
import type { Clock } from './clock.ts';
import type { ReviewNow, ReviewSession } from './review-session.ts';
import type { View } from './stage.tsx';
import { showing, zoomed, type Span } from './timeline.tsx';
import { useDoubts } from './use-doubts.ts';

export type Mode = 'look' | 'draw' | 'adjust';
export type PanelName = keyof typeof words.panels;

/** What the studio shows, and what can be done in it. */
export interface Studio {
  readonly session: ReviewSession;
  readonly clock: Clock;
  readonly now: ReviewNow;
  /** Of the review, or of the release that is being edited. */
  readonly plan: RedactionPlan;
  readonly doubts: readonly ReviewDoubt[];
  readonly lanes: readonly Region[];
  readonly frame: number;
  readonly time: number;
  readonly selected: Region | undefined;
  readonly doubt: ReviewDoubt | undefined;
  readonly view: View;
  readonly mode: Mode;
  readonly panel: PanelName;
  /** The release that choices count for; without one they count for the review. */
  readonly scope: string | undefined;
  readonly span: Span;
  /** Shown again and again while it plays. */
  readonly loop: Span | undefined;
  readonly playing: boolean;
  readonly hushFrom: number | undefined;
  readonly editable: boolean;
  /** What was done last, in words. */
  readonly message: string;
  /** What was refused last. */
  readonly refusal: unknown;
  readonly set: {
    frame(frame: number): void;
    /** By time; shown in the timeline as well. */
    seek(time: number): void;
    select(region: string | undefined): void;
    view(view: View): void;
    mode(mode: Mode): void;
    panel(panel: PanelName): void;
    scope(scope: string | undefined): void;
    span(span: Span): void;
    zoom(factor: number): void;
    loop(span: Span | undefined): void;
    playing(playing: boolean): void;
    hushFrom(time: number | undefined): void;
    doubt(doubt: ReviewDoubt): void;
    message(message: string): void;
    refusal(refusal: unknown): void;
  };
  /** Does something to the review; what is refused is shown. @returns whether it was done. */
  act(does: () => string, always?: boolean): boolean;
  /** Edits as one step. */
  edit(says: string, ...operations: readonly Operation[]): boolean;
  /** A choice, for the review or for the release that is being edited. */
  choose(says: string, choice: Choice): boolean;
}

export function useStudio(session: ReviewSession, clock: Clock): Studio {
  const now = useSyncExternalStore(session.subscribe, session.now);
  const [frame, setFrame] = useState(0);
  const [selectedId, select] = useState<string>();
  const [doubtId, setDoubtId] = useState<string>();
  const [view, setView] = useState<View>('redacted');
  const [mode, setMode] = useState<Mode>('look');
  const [panel, setPanel] = useState<PanelName>('doubts');
  const [wantedScope, setScope] = useState<string>();
  const [span, setSpan] = useState<Span>(clock.whole);
  const [loop, setLoop] = useState<Span>();
  const [playing, setPlaying] = useState(false);
  const [hushFrom, setHushFrom] = useState<number>();
  const [message, setMessage] = useState('');
  const [refusal, setRefusal] = useState<unknown>();

  const { base } = session;
  const { state } = now;
  const definition = wantedScope === undefined ? undefined : state.releases.get(wantedScope);
  const scope = definition === undefined ? undefined : wantedScope;
  const plan = useMemo(() => planOf(base, state, definition), [base, state, definition]);
  const doubts = useDoubts(base, state);
  const lanes = useMemo(
    () => plan.regions.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1)),
    [plan],
  );
  const time = clock.timeOf(frame);
  const editable = now.review.state === 'open';

  const goTo = (wanted: number): void => {
    const next = Math.max(0, Math.min(clock.count - 1, wanted));
    setFrame(next);
    setSpan((old) => showing(old, clock.whole, clock.timeOf(next)));
  };
  const act = (does: () => string, always = false): boolean => {
    setRefusal(undefined);
    if (!always && !editable) {
      setMessage(words.refused.closed);
      return false;
    }
    try {
      setMessage(does());
      return true;
    } catch (error) {
      if (!(error instanceof TidewaiterError)) throw error;
      setRefusal(error);
      return false;
    }
  };
  const edit = (says: string, ...operations: readonly Operation[]): boolean =>
    act(() => {
      session.do(...operations);
      return says;
    });
  const choose = (says: string, choice: Choice): boolean =>
    scope === undefined || definition === undefined
      ? edit(says, choice)
      : edit(says, {
          op: 'release',
          release: scope,
          title: definition.title,
          choices: [...definition.choices, choice],
        });
  return {
    ...{
      session,
      clock,
      now,
      plan,
      doubts,
      lanes,
      frame,
      time,
      view,
      mode,
      panel,
      scope,
      span,
      loop,
      playing,
    },
    ...{ hushFrom, editable, message, refusal, act, edit, choose },
    selected: plan.regions.find(({ id }) => id === selectedId),
    doubt: doubts.find(({ id }) => id === doubtId),
    set: {
      frame: goTo,
      seek: (wanted) => goTo(clock.frameAt(wanted)),
      select: (region) => {
        select(region);
        if (region !== selectedId) setMode('look');
      },
      view: setView,
      mode: (next) => {
        if (next !== 'look') setPlaying(false);
        if (next !== 'look') setMessage(next === 'draw' ? words.said.drawing : words.said.adjusting);
        setMode(next);
      },
      panel: setPanel,
      scope: setScope,
      span: setSpan,
      zoom: (factor) => setSpan((old) => zoomed(old, clock.whole, factor, time)),
      loop: setLoop,
      playing: setPlaying,
      hushFrom: setHushFrom,
      doubt: (doubt) => {
        setDoubtId(doubt.id);
        select(doubt.region);
        setMode('look');
        setLoop(undefined);
        setPlaying(false);
        goTo(clock.frameAt(doubt.start));
      },
      message: setMessage,
      refusal: setRefusal,
    },
  };
}
