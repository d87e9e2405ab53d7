import type { ReactNode } from 'react';
import { Button } from '../../../../../web/kit/form.tsx';
import { Go } from '../../../../../web/kit/go.tsx';
import { useMay, workers } from '../../../../../web/kit/me.ts';
import type { Asset } from '../../../../client/index.ts';
import { words } from '../words.ts';
import { redo, undo } from './actions.ts';
import { Key } from './panels/doubts-panel.tsx';
import type { Studio } from './use-studio.ts';

/** What is reviewed, by whom, whether it is saved, and what comes next. */
export function Head({
  studio,
  asset,
  onAsk,
}: {
  readonly studio: Studio;
  readonly asset: Asset;
  readonly onAsk: () => void;
}): ReactNode {
  const { now, editable } = studio;
  const { review, others, foreign } = now;
  const may = useMay();
  const next = nextStep(studio, may);
  return (
    <header className="st-head">
      <div className="st-head__title">
        <Go to="/redaction/reviews" className="st-back">
          {words.list.title}
        </Go>
        <h1 tabIndex={-1}>{asset.name}</h1>
        <span className="st-state st-state--plain">{words.states[review.state]}</span>
      </div>
      <div className="st-head__news" role="status">
        <SavingNote studio={studio} />
        {others.length > 0 && <span>{words.others(others.map(({ name }) => name).join(', '))}</span>}
        {foreign > 0 && <span>{words.foreign(foreign)}</span>}
      </div>
      <div className="st-buttons">
        <Key letter="u" onClick={() => undo(studio)} disabled={!editable}>
          {words.keys.undo}
        </Key>
        <Key letter="U" onClick={() => redo(studio)} disabled={!editable}>
          {words.keys.redo}
        </Key>
        {review.state === 'waiting-for-approval' && next === 'reopen' && (
          <span>{words.approve.notYours}</span>
        )}
        {next === 'reopen' && (
          <Key letter="S" onClick={onAsk}>
            {words.reopen}
          </Key>
        )}
        {(next === 'submit' || next === 'approve') && (
          <Button kind="plain" className="st-button st-button--main" onClick={onAsk}>
            {next === 'submit' ? words.submit.button : words.approve.button} <kbd aria-hidden="true">S</kbd>
          </Button>
        )}
      </div>
    </header>
  );
}

/** What may be done with the review as a whole now. */
export function nextStep(
  { now: { review } }: Studio,
  may: ReturnType<typeof useMay>,
): 'submit' | 'approve' | 'reopen' | undefined {
  if (review.state === 'open') return may(workers, review.site) ? 'submit' : undefined;
  if (review.state === 'waiting-for-approval')
    return may(['supervisor', 'privacy'], review.site) ? 'approve' : 'reopen';
  const rests = review.state === 'approved' || review.state === 'released';
  return rests && may(workers, review.site) ? 'reopen' : undefined;
}

function SavingNote({ studio }: { readonly studio: Studio }): ReactNode {
  const { now, session } = studio;
  switch (now.saving) {
    case 'saved':
      return <span className="st-saved">✓ {words.saving.saved}</span>;
    case 'saving':
      return <span>{words.saving.saving}</span>;
    case 'offline':
      return <strong className="st-warns">⚠ {words.saving.offline(now.waiting)}</strong>;
    case 'refused':
      return (
        <span className="st-warns">
          ⚠ {words.saving.refused}{' '}
          <button type="button" className="st-link" onClick={() => session.dropPending()}>
            {words.saving.drop}
          </button>
        </span>
      );
  }
}
