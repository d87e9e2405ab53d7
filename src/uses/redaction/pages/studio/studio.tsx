import { useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { proxyAddress, useDo } from '../../../../../web/kit/api.ts';
import { t } from '../../../../../web/text/en.ts';
import type { Asset } from '../../../../client/index.ts';
import { TidewaiterError } from '../../../../core/errors.ts';
import { words } from '../words.ts';
import { addBox, moveBox, openDoubts } from './actions.ts';
import { clockOf } from './clock.ts';
import { ApproveDialog, ConflictDialog, MergeDialog, SubmitDialog } from './dialogs.tsx';
import { Head, nextStep } from './head.tsx';
import { ClassesPanel } from './panels/classes-panel.tsx';
import { DoubtsPanel } from './panels/doubts-panel.tsx';
import { Inspector } from './panels/inspector.tsx';
import { ReleasesPanel } from './panels/releases-panel.tsx';
import { SoundPanel } from './panels/sound-panel.tsx';
import { TracksPanel } from './panels/tracks-panel.tsx';
import type { ReviewSession } from './review-session.ts';
import type { Shown } from './shown.ts';
import { Sheet } from './sheet.tsx';
import { Stage } from './stage.tsx';
import { studioKeys } from './studio-keys.ts';
import { Timeline } from './timeline.tsx';
import { Transport } from './transport.tsx';
import { useFollow } from './use-follow.ts';
import { usePlayback } from './use-playback.ts';
import { useSimilar } from './use-similar.ts';
import { useStudio, type PanelName, type Studio as TheStudio } from './use-studio.ts';
import './studio.css';

type Asked = 'merge' | 'submit' | 'approve' | 'sheet';

/** The redaction studio: the picture, the time it takes, what is doubtful in it, and what a person makes of that. */
export function Studio({
  session,
  shown,
  asset,
}: {
  readonly session: ReviewSession;
  readonly shown: Shown;
  readonly asset: Asset;
}): ReactNode {
  const clock = useMemo(() => clockOf(shown.video, session.base), [shown, session]);
  const studio = useStudio(session, clock);
  const follow = useFollow(studio);
  const similar = useSimilar(studio);
  const [asked, setAsked] = useState<Asked>();
  const [failure, setFailure] = useState<unknown>();
  const reopen = useDo('reopenReview', ['getReview', 'listReviews']);
  const may = useMay();
  const { now, selected, set } = studio;
  const hasSound = shown.sound !== undefined;
  usePlayback(studio, hasSound ? proxyAddress(asset.id, 'video') : undefined);
  useEffect(() => session.open(), [session]);
  useEffect(() => {
    document.title = `${asset.name} · ${t.name}`;
  }, [asset.name]);

  const ask = (dialog: 'merge' | 'state' | 'sheet'): void => {
    if (dialog === 'sheet') {
      set.playing(false);
      if (asked === 'sheet') return setAsked(undefined);
      if (openDoubts(studio).length === 0) return set.message(words.doubts.done);
      set.panel('doubts');
      return setAsked('sheet');
    }
    if (dialog === 'merge') {
      if (selected === undefined) set.message(words.track.ownOnly);
      else if (studio.editable) setAsked('merge');
      return;
    }
    const next = nextStep(studio, may);
    if (next === 'reopen')
      reopen.mutate({ params: { id: now.review.id } }, { onSuccess: (one) => session.took(one) });
    else setAsked(next);
  };
  useKeys(studioKeys(studio, follow, similar, ask));
  const close = (): void => setAsked(undefined);
  const isVideo = shown.video !== undefined;
  const { plan, lanes, doubts, time, hushFrom } = studio;
  const { strip, sound } = shown;
  const content = useMemo(
    () => ({ plan, lanes, doubts, time, selected: selected?.id, strip, sound, hushFrom }),
    [plan, lanes, doubts, time, selected?.id, strip, sound, hushFrom],
  );
  return (
    <div className="st-root">
      <Head studio={studio} asset={asset} onAsk={() => ask('state')} />
      <div className="st-body">
        <div className="st-left">
          {asked === 'sheet' ? (
            <Sheet studio={studio} shown={shown} onClose={close} />
          ) : (
            <Stage
              player={shown.player}
              size={shown.size}
              aspect={shown.aspect}
              frame={studio.frame}
              time={studio.time}
              plan={studio.plan}
              view={studio.view}
              selected={selected?.id}
              mode={studio.mode}
              editable={studio.editable}
              onSelect={set.select}
              onDrawn={(box) => addBox(studio, box)}
              onMoved={(region, box) => moveBox(studio, region, box)}
              onLeave={() => set.mode('look')}
              onShown={() => setFailure(undefined)}
              onError={setFailure}
            />
          )}
          <Messages
            studio={studio}
            failure={failure ?? reopen.error}
            seeking={shown.player.kind === 'seeking'}
          />
          {asked !== 'sheet' && (
            <>
              <Transport studio={studio} hasSound={hasSound} />
              {isVideo && (
                <Timeline
                  content={content}
                  span={studio.span}
                  whole={clock.whole}
                  onSpan={set.span}
                  onSeek={(time) => {
                    set.playing(false);
                    set.seek(time);
                  }}
                  onSelect={set.select}
                />
              )}
            </>
          )}
        </div>
        <aside className="st-side" aria-label={words.panels[studio.panel]}>
          <Tabs studio={studio} />
          <div
            className="st-panel"
            id="st-panel"
            role="tabpanel"
            aria-labelledby={`st-tab-${studio.panel}`}
            tabIndex={0}
          >
            <h2 className="usa-sr-only">{words.panels[studio.panel]}</h2>
            {studio.panel === 'doubts' && <DoubtsPanel studio={studio} onSheet={() => ask('sheet')} />}
            {studio.panel === 'tracks' && <TracksPanel studio={studio} />}
            {studio.panel === 'classes' && <ClassesPanel studio={studio} />}
            {studio.panel === 'sound' && <SoundPanel studio={studio} hasSound={hasSound} />}
            {studio.panel === 'releases' && <ReleasesPanel studio={studio} />}
          </div>
          <Inspector studio={studio} follow={follow} similar={similar} onMerge={() => ask('merge')} />
        </aside>
      </div>
      {asked === 'merge' && selected !== undefined && (
        <MergeDialog studio={studio} region={selected} onClose={close} />
      )}
      {asked === 'submit' && <SubmitDialog studio={studio} onClose={close} />}
      {asked === 'approve' && <ApproveDialog studio={studio} onClose={close} />}
      {now.conflicts.length > 0 && (
        <ConflictDialog conflicts={now.conflicts} onClose={() => session.readConflicts()} />
      )}
    </div>
  );
}

/** What was done or refused last, read out as it comes. */
function Messages({
  studio,
  failure,
  seeking,
}: {
  readonly studio: TheStudio;
  readonly failure: unknown;
  readonly seeking: boolean;
}): ReactNode {
  const { message, refusal, scope, now } = studio;
  return (
    <div className="st-messages">
      <p role="status">{message}</p>
      {seeking && <p className="st-warns">{words.stage.seeking}</p>}
      {scope !== undefined && (
        <p className="st-scope">
          {words.releases.editing}: <strong>{now.state.releases.get(scope)?.title}</strong>
        </p>
      )}
      {refusal instanceof TidewaiterError && (
        <p role="alert" className="st-warns">
          ⚠ {refusal.message}. {refusal.remedy} ({refusal.code})
        </p>
      )}
      {failure !== undefined && failure !== null && (
        <p role="alert" className="st-warns">
          ⚠ {t.problem.unknown}. {t.problem.tryAgain}
        </p>
      )}
    </div>
  );
}

const panels = Object.keys(words.panels) as PanelName[];

/** One stop of Tab; arrows go from tab to tab. */
function Tabs({ studio }: { readonly studio: TheStudio }): ReactNode {
  const press = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = panels[(panels.indexOf(studio.panel) + by + panels.length) % panels.length] ?? 'doubts';
    studio.set.panel(next);
    document.getElementById(`st-tab-${next}`)?.focus();
  };
  return (
    <div className="st-tabs" role="tablist" onKeyDown={press}>
      {panels.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`st-tab-${name}`}
          aria-selected={studio.panel === name}
          aria-controls="st-panel"
          tabIndex={studio.panel === name ? 0 : -1}
          onClick={() => studio.set.panel(name)}
        >
          {words.panels[name]}
        </button>
      ))}
    </div>
  );
}
