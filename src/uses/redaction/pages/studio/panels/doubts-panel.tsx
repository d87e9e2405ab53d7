import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '../../../../../../web/kit/form.tsx';
import { words } from '../../words.ts';
import { openDoubts, settle } from '../actions.ts';
import { showClock } from '../timeline-paint.ts';
import type { Studio } from '../use-studio.ts';

/** Nobody goes through a longer list at once; the next ones come up as these are settled. */
const LISTED = 50;

/** What a reviewer looks at: doubts, not everything. */
export function DoubtsPanel({
  studio,
  onSheet,
}: {
  readonly studio: Studio;
  readonly onSheet: () => void;
}): ReactNode {
  const { doubts, doubt } = studio;
  const open = openDoubts(studio).length;
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [doubt?.id]);
  if (doubts.length === 0) return <p className="st-quiet">{words.doubts.none}</p>;
  return (
    <>
      <p className="st-quiet">{open === 0 ? words.doubts.done : words.doubts.left(open, doubts.length)}</p>
      {open > 0 && (
        <Key letter="g" onClick={onSheet}>
          {words.sheet.open}
        </Key>
      )}
      <ol className="st-list">
        {doubts.slice(0, LISTED).map((one) => {
          const isCurrent = one.id === doubt?.id;
          return (
            <li
              key={one.id}
              ref={isCurrent ? current : null}
              className={isCurrent ? 'st-current' : ''}
              data-doubt={one.id}
            >
              <button
                type="button"
                className="st-row"
                aria-current={isCurrent}
                onClick={() => studio.set.doubt(one)}
              >
                <span className={`st-verdict st-verdict--${one.verdict}`}>{words.verdict[one.verdict]}</span>
                <strong>{words.kind[one.kind] ?? one.kind}</strong>
                <span className="st-quiet">
                  {one.region} · {showClock(one.start)}
                </span>
              </button>
              {isCurrent && (
                <div className="st-says">
                  <p>{one.says}</p>
                  <div className="st-buttons">
                    <Key letter="1" onClick={() => settle(studio, 'fine')} disabled={!studio.editable}>
                      {words.doubts.fine}
                    </Key>
                    <Key letter="2" onClick={() => settle(studio, 'mended')} disabled={!studio.editable}>
                      {words.doubts.mended}
                    </Key>
                    <Key letter="3" onClick={() => settle(studio, 'open')} disabled={!studio.editable}>
                      {words.doubts.unsure}
                    </Key>
                  </div>
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {doubts.length > LISTED && <p className="st-quiet">{words.doubts.more(doubts.length - LISTED)}</p>}
    </>
  );
}

/** A button that says which key does the same. */
export function Key({
  letter,
  children,
  onClick,
  disabled = false,
  pressed,
}: {
  readonly letter: string;
  readonly children: ReactNode;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
}): ReactNode {
  return (
    <Button
      className="st-button"
      onClick={onClick}
      disabled={disabled}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
    >
      {children} <kbd aria-hidden="true">{letter}</kbd>
    </Button>
  );
}
