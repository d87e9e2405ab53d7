import type { ReactNode } from 'react';
import { words } from '../words.ts';
import { hush, loopDoubt, step } from './actions.ts';
import { Key } from './panels/doubts-panel.tsx';
import { showClock } from './timeline-paint.ts';
import type { Studio } from './use-studio.ts';

const views = ['redacted', 'source', 'both'] as const;

/** From frame to frame, and what is shown of it. */
export function Transport({
  studio,
  hasSound,
}: {
  readonly studio: Studio;
  readonly hasSound: boolean;
}): ReactNode {
  const { frame, clock, time, playing, view, mode, editable, set } = studio;
  const isVideo = clock.count > 1;
  const { transport } = words;
  return (
    <div className="st-transport" role="toolbar" aria-label={transport.title}>
      {isVideo && (
        <>
          <Key letter="," onClick={() => step(studio, -1)}>
            {transport.back}
          </Key>
          <Key letter="p" onClick={() => set.playing(!playing)} pressed={playing}>
            {playing ? transport.pause : transport.play}
          </Key>
          <Key letter="." onClick={() => step(studio, 1)}>
            {transport.forward}
          </Key>
          <Key letter="o" onClick={() => loopDoubt(studio)} pressed={studio.loop !== undefined}>
            {transport.loop}
          </Key>
          <span className="st-time">
            <strong>{showClock(time)}</strong>
            <span>{transport.of(frame + 1, clock.count)}</span>
          </span>
        </>
      )}
      <Key letter="d" onClick={() => set.mode('draw')} disabled={!editable} pressed={mode === 'draw'}>
        {transport.draw}
      </Key>
      {hasSound && (
        <Key
          letter="h"
          onClick={() => hush(studio)}
          disabled={!editable}
          pressed={studio.hushFrom !== undefined}
        >
          {studio.hushFrom === undefined ? words.sound.begin : words.sound.end}
        </Key>
      )}
      <fieldset className="st-views">
        <legend className="usa-sr-only">{words.view.title}</legend>
        {views.map((one) => (
          <label key={one} className={one === view ? 'st-views__on' : ''}>
            <input
              className="usa-sr-only"
              type="radio"
              name="view"
              checked={one === view}
              onChange={() => set.view(one)}
            />
            {words.view[one]}
          </label>
        ))}
        <kbd aria-hidden="true">v</kbd>
      </fieldset>
    </div>
  );
}
