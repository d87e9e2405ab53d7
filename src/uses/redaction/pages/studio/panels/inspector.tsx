import type { KeyboardEvent, ReactNode } from 'react';
import { showPercent } from '../../../../../../web/kit/format.ts';
import { Choice } from '../../../../../../web/kit/form.tsx';
import type { Region } from '../../../plan.ts';
import { words } from '../../words.ts';
import { bound, extendBoth, remove, split, toggle } from '../actions.ts';
import { showClock } from '../timeline-paint.ts';
import type { Following } from '../use-follow.ts';
import type { Similarity } from '../use-similar.ts';
import type { Studio } from '../use-studio.ts';
import { Key } from './doubts-panel.tsx';
import { Elsewhere } from './elsewhere.tsx';

const { track } = words;

interface Tools {
  readonly studio: Studio;
  readonly follow: Following;
  readonly similar: Similarity;
  readonly onMerge: () => void;
}

/** The chosen track: what it is, and everything that can be done with it. */
export function Inspector(props: Tools): ReactNode {
  const { selected } = props.studio;
  return (
    <section className="st-inspector" aria-label={track.title}>
      {selected === undefined ? (
        <p className="st-quiet">{track.none}</p>
      ) : (
        <Chosen {...props} region={selected} />
      )}
    </section>
  );
}

function Chosen({
  studio,
  region,
  follow,
  similar,
  onMerge,
}: Tools & { readonly region: Region }): ReactNode {
  const { rules } = studio.session.base;
  const { id, redact, score, start, end, origin } = region;
  const off = !studio.editable;
  return (
    <>
      <div className="st-inspector__head">
        <h2>{id}</h2>
        <span className={`st-state ${redact ? '' : 'st-state--visible'}`}>
          {redact ? track.covered : track.visible}
        </span>
      </div>
      <p className="st-quiet">
        {track.origins[origin]}
        {score === undefined ? '' : ` · ${track.score} ${showPercent(score)}`} · {showClock(start)} –{' '}
        {showClock(end)}
      </p>
      <div className="st-pair">
        <Choice
          label={track.reason}
          data-key="reason"
          value={region.reason ?? ''}
          disabled={off || rules.reasons === undefined}
          options={[
            ['', track.noReason],
            ...(rules.reasons ?? []).map(({ code, text }) => [code, `${code} ${text}`] as const),
          ]}
          onKeyDown={leave}
          onChange={({ currentTarget: { value } }) =>
            studio.choose(`${id}: ${value}`, {
              op: 'mark',
              regions: [id],
              reason: value === '' ? null : value,
            })
          }
        />
        <Choice
          label={track.style}
          data-key="style"
          value={region.style}
          disabled={off}
          options={rules.styles.map((style) => [style, style])}
          onKeyDown={leave}
          onChange={({ currentTarget: { value } }) => {
            const style = rules.styles.find((one) => one === value);
            if (style !== undefined) studio.choose(`${id}: ${style}`, { op: 'mark', regions: [id], style });
          }}
        />
      </div>
      <div className="st-buttons">
        <Key letter="x" onClick={() => toggle(studio)} disabled={off}>
          {redact ? track.keep : track.cover}
        </Key>
        <Key letter="s" onClick={() => split(studio)} disabled={off}>
          {track.split}
        </Key>
        <Key letter="m" onClick={onMerge} disabled={off}>
          {track.merge}
        </Key>
        <Key letter="w" onClick={() => extendBoth(studio)} disabled={off}>
          {track.extend}
        </Key>
        <Key letter="[" onClick={() => bound(studio, 'start')} disabled={off}>
          {track.begin}
        </Key>
        <Key letter="]" onClick={() => bound(studio, 'end')} disabled={off}>
          {track.end}
        </Key>
        <Key
          letter="e"
          onClick={() => studio.set.mode('adjust')}
          disabled={off}
          pressed={studio.mode === 'adjust'}
        >
          {track.adjust}
        </Key>
        {origin === 'person' && (
          <Key letter="Del" onClick={() => remove(studio)} disabled={off}>
            {track.remove}
          </Key>
        )}
      </div>
      {studio.clock.count > 1 && <Elsewhere studio={studio} follow={follow} similar={similar} />}
    </>
  );
}

/** Enter and Escape go from a list of choices back to the picture, where keys work again. */
function leave(event: KeyboardEvent): void {
  if (event.key !== 'Escape' && event.key !== 'Enter') return;
  event.preventDefault();
  document.querySelector<HTMLElement>('.st-overlay')?.focus();
}
