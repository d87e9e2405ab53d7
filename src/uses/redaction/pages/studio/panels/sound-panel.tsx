import type { ReactNode } from 'react';
import { Button, Choice } from '../../../../../../web/kit/form.tsx';
import type { OperationOf } from '../../../review/edit.ts';
import { words } from '../../words.ts';
import { hush } from '../actions.ts';
import { showClock } from '../timeline-paint.ts';
import type { Studio } from '../use-studio.ts';
import { Key } from './doubts-panel.tsx';

type SoundMode = OperationOf<'sound'>['mode'];

/** What becomes of the sound. */
export function SoundPanel({
  studio,
  hasSound,
}: {
  readonly studio: Studio;
  readonly hasSound: boolean;
}): ReactNode {
  const { sound, hushed } = studio.now.state;
  const off = !studio.editable;
  if (!hasSound) return <p className="st-quiet">{words.sound.none}</p>;
  return (
    <>
      <Choice
        label={words.sound.whole}
        value={sound.mode}
        disabled={off}
        options={Object.entries(words.sound.modes)}
        onChange={({ currentTarget: { value } }) =>
          studio.edit(words.sound.modes[value as SoundMode], { op: 'sound', mode: value as SoundMode })
        }
      />
      <Choice
        label={words.sound.style}
        value={sound.style}
        disabled={off}
        options={Object.entries(words.sound.styles)}
        onChange={({ currentTarget: { value } }) =>
          studio.edit(value, { op: 'sound', mode: sound.mode, style: value === 'bleep' ? 'bleep' : 'mute' })
        }
      />
      <div className="st-buttons">
        <Key letter="h" onClick={() => hush(studio)} disabled={off} pressed={studio.hushFrom !== undefined}>
          {studio.hushFrom === undefined ? words.sound.begin : words.sound.end}
        </Key>
      </div>
      <h3>{words.sound.spans}</h3>
      {hushed.size === 0 && <p className="st-quiet">{words.sound.noSpans}</p>}
      <ul className="st-list">
        {[...hushed].map(([name, [start, end]]) => (
          <li key={name} className="st-line">
            <button type="button" className="st-row" onClick={() => studio.set.seek(start)}>
              <strong>{name}</strong>
              <span className="st-quiet">
                {showClock(start)} – {showClock(end)}
              </span>
            </button>
            <Button
              className="st-button"
              disabled={off}
              aria-label={words.sound.remove(name)}
              onClick={() => studio.edit(words.sound.remove(name), { op: 'unhush', span: name })}
            >
              {words.track.remove}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
