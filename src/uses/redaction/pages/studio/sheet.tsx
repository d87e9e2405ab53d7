import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Button } from '../../../../../web/kit/form.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { questionsOf, type Question } from '../../review/questions.ts';
import { words } from '../words.ts';
import { openDoubts } from './actions.ts';
import { paintNames } from './paint-names.ts';
import type { Shown } from './shown.ts';
import { pageScale } from './scale.ts';
import { showClock } from './timeline-paint.ts';
import type { Studio } from './use-studio.ts';
import { useStills, type Drawn } from './use-stills.ts';

/** Questions on one page: so many are large enough to see a head in each on the smallest screen. */
const PAGE = 4;

const { sheet } = words;

/**
 * Doubts as small pictures of what will be rendered, judged a page at a time: the few that are not fine are put aside by
 * their numbers, one key says that all others are, and what was put aside is looked at in the studio.
 */
export function Sheet({
  studio,
  shown: { player, size },
  onClose,
}: {
  readonly studio: Studio;
  readonly shown: Shown;
  readonly onClose: () => void;
}): ReactNode {
  const { doubts, plan, clock, session, set } = studio;
  const [aside, setAside] = useState<ReadonlySet<string>>(new Set());
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const root = useRef<HTMLElement>(null);
  const questions = useMemo(() => {
    const asked = openDoubts({ doubts }).filter(({ id }) => !aside.has(id));
    return questionsOf(asked, plan, session.base.clip);
  }, [doubts, aside, plan, session]);
  const page = questions.slice(0, PAGE);
  // The next page is made ready while this one is looked at.
  const wanted = useMemo(() => questions.slice(0, 2 * PAGE).flatMap(({ stills }) => stills), [questions]);
  const pictureOf = useStills({ player, size, plan, clock }, wanted);
  const isReady = page.every(({ stills }) => stills.every((still) => pictureOf(still) !== undefined));
  useEffect(() => root.current?.focus(), []);

  const pick = (question: Question | undefined): void => {
    if (question === undefined) return;
    const next = new Set(picked);
    if (!next.delete(question.id)) next.add(question.id);
    setPicked(next);
  };
  const leave = (put: ReadonlySet<string>): void => {
    const first = openDoubts(studio).find(({ id }) => put.has(id));
    onClose();
    if (first !== undefined) set.doubt(first);
    set.message(first === undefined ? words.doubts.done : sheet.left(put.size));
  };
  const accept = (): void => {
    if (!isReady) return set.message(sheet.waits);
    const fine = page.filter(({ id }) => !picked.has(id)).flatMap((question) => question.doubts);
    const operations = fine.map(({ id }) => ({ op: 'doubt', doubt: id, verdict: 'fine' }) as const);
    if (operations.length > 0 && !studio.edit(sheet.said(fine.length), ...operations)) return;
    const put = new Set([
      ...aside,
      ...page.filter(({ id }) => picked.has(id)).flatMap((question) => question.doubts.map(({ id }) => id)),
    ]);
    if (questions.length <= PAGE) return leave(put);
    setAside(put);
    setPicked(new Set());
  };
  useKeys([
    ...page.map((question, index) => ({
      ...{ key: String(index + 1), does: sheet.pick(index + 1) },
      run: () => pick(question),
    })),
    { key: '0', does: sheet.accept, run: accept },
    { key: 'Escape', does: sheet.close, run: onClose },
  ]);

  return (
    <section
      ref={root}
      className="st-sheet"
      aria-label={sheet.title}
      tabIndex={-1}
      data-questions={questions.length}
      data-ready={isReady}
    >
      <p className="st-quiet">
        {questions.length === 0 ? words.doubts.done : sheet.lead(page.length, questions.length)}
      </p>
      <ol className="st-cards">
        {page.map((question, index) => (
          <li key={question.id}>
            <button
              type="button"
              className="st-card"
              aria-pressed={picked.has(question.id)}
              onClick={() => pick(question)}
            >
              <span className="st-card__head">
                <kbd aria-hidden="true">{index + 1}</kbd>
                <strong>{titleOf(question)}</strong>
                {picked.has(question.id) && <span className="st-card__aside">{sheet.aside}</span>}
              </span>
              <span className="st-stills">
                {question.stills.map((still) => (
                  <span key={still.time} className="st-still">
                    <Picture of={pictureOf(still)} />
                    <span className="st-quiet">{showClock(still.time, 1)}</span>
                  </span>
                ))}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <div className="st-buttons">
        <Button
          className="st-button st-button--main"
          kind="plain"
          disabled={!studio.editable}
          onClick={accept}
        >
          {sheet.accept} <kbd aria-hidden="true">0</kbd>
        </Button>
        <Button className="st-button" onClick={onClose}>
          {sheet.close} <kbd aria-hidden="true">Esc</kbd>
        </Button>
      </div>
    </section>
  );
}

function titleOf({ doubts }: Question): string {
  const kinds = [...new Set(doubts.map(({ kind }) => words.kind[kind] ?? kind))];
  const regions = [...new Set(doubts.map(({ region }) => region))];
  return `${regions.slice(0, 2).join(', ')}${regions.length > 2 ? ` +${regions.length - 2}` : ''}: ${kinds.join(', ')}`;
}

function Picture({ of }: { readonly of: Drawn | undefined }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { current } = canvas;
    const context = current?.getContext('2d');
    if (!current || !context || of === undefined) return;
    const { picture, named } = of;
    [current.width, current.height] = [picture.width, picture.height];
    context.drawImage(picture, 0, 0);
    // Letters as large as those beside the picture, which is fitted into its place.
    const { clientWidth, clientHeight } = current;
    const ratio = Math.max(picture.width / clientWidth, picture.height / clientHeight) * pageScale();
    current.dataset['names'] = paintNames(context, named, { within: true, ratio });
  }, [of]);
  return <canvas ref={canvas} aria-hidden="true" />;
}
