import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Check } from '../../../../../../web/kit/form.tsx';
import { words } from '../../words.ts';
import { isThere } from '../placed.ts';
import { showClock } from '../timeline-paint.ts';
import type { Studio } from '../use-studio.ts';

/** All tracks, with whether they are covered; the one chosen is told about below. */
export function TracksPanel({ studio }: { readonly studio: Studio }): ReactNode {
  const { lanes, selected, time } = studio;
  const [onlyHere, setOnlyHere] = useState(false);
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [selected?.id]);
  const shown = onlyHere ? lanes.filter((region) => isThere(region, time)) : lanes;
  return (
    <>
      <Check label={words.track.filter} checked={onlyHere} onChange={() => setOnlyHere(!onlyHere)} />
      {shown.length === 0 && <p className="st-quiet">{words.track.empty}</p>}
      <ul className="st-list">
        {shown.map(({ id, redact, start, end }) => {
          const isCurrent = id === selected?.id;
          return (
            <li key={id} ref={isCurrent ? current : null} className={isCurrent ? 'st-current' : ''}>
              <button
                type="button"
                className="st-row"
                aria-current={isCurrent}
                onClick={() => {
                  studio.set.select(id);
                  if (time < start || time > end) studio.set.seek(start);
                }}
              >
                <span className={`st-swatch ${redact ? '' : 'st-swatch--visible'}`} aria-hidden="true" />
                <strong>{id}</strong>
                <span className="st-quiet">
                  {redact ? words.track.covered : words.track.visible} · {showClock(start, 1)} –{' '}
                  {showClock(end, 1)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
