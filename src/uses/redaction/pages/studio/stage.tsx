import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import type { PixelBox, Size } from '../../../../core/box.ts';
import type { RedactionPlan } from '../../plan.ts';
import { words } from '../words.ts';
import { boxBetween, dragged, handleAt, paintOverlay, type Handle } from './overlay.ts';
import { paintCovered } from './paint.ts';
import { placedAt, type Placed } from './placed.ts';
import type { Player } from './player.ts';
import { pageScale } from './scale.ts';

export type View = 'redacted' | 'source' | 'both';

/** What a pointer or the arrow keys are doing. */
interface Work {
  readonly handle: Handle | undefined;
  readonly from: { readonly x: number; readonly y: number };
  readonly box: PixelBox;
}

export interface StageProps {
  readonly player: Player;
  /** Of the canvas; the proxy's. */
  readonly size: Size;
  /** Width of the picture as seen against its height. */
  readonly aspect: number;
  readonly frame: number;
  readonly time: number;
  readonly plan: RedactionPlan;
  readonly view: View;
  readonly selected: string | undefined;
  /** `draw`: the next box is a new region. `adjust`: arrow keys move what is chosen. */
  readonly mode: 'look' | 'draw' | 'adjust';
  /** Whether what is chosen may be moved. */
  readonly editable: boolean;
  readonly onSelect: (region: string | undefined) => void;
  readonly onDrawn: (box: PixelBox) => void;
  readonly onMoved: (region: string, box: PixelBox) => void;
  readonly onLeave: () => void;
  readonly onShown: (frame: number) => void;
  readonly onError: (error: unknown) => void;
}

/** The picture with its regions as they will be rendered, and what is worked with above it. */
export function Stage(props: StageProps): ReactNode {
  const { player, size, aspect, frame, time, plan, view, selected, mode, editable } = props;
  const drawing = mode === 'draw';
  const source = useRef<HTMLCanvasElement>(null);
  const redacted = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [clean] = useState(() => document.createElement('canvas'));
  const [shown, setShown] = useState<{ readonly frame: number; readonly time: number }>();
  const [draft, setDraft] = useState<PixelBox>();
  const [room, setRoom] = useState<Size & { readonly scale: number }>();
  const work = useRef<Work>(undefined);
  const placed = placedAt(plan, shown?.time ?? time);

  const arrived = useEffectEvent((picture: CanvasImageSource) => {
    clean.width = size.width;
    clean.height = size.height;
    clean.getContext('2d')?.drawImage(picture, 0, 0, size.width, size.height);
    setShown({ frame, time });
    props.onShown(frame);
  });
  const failed = useEffectEvent(props.onError);
  useEffect(() => {
    let wanted = true;
    player.show(frame).then(
      (picture) => {
        if (wanted && picture !== undefined) arrived(picture);
      },
      (error: unknown) => wanted && failed(error),
    );
    return () => {
      wanted = false;
    };
  }, [player, frame]);

  useEffect(() => {
    if (shown === undefined) return;
    for (const canvas of [source.current, redacted.current]) {
      const context = canvas?.getContext('2d');
      if (canvas === null || !context) continue;
      if (canvas.width !== size.width || canvas.height !== size.height)
        [canvas.width, canvas.height] = [size.width, size.height];
      context.drawImage(clean, 0, 0);
      if (canvas === redacted.current) paintCovered(context, plan, placedAt(plan, shown.time), plan.source);
      canvas.dataset['frame'] = String(shown.frame);
    }
  }, [shown, plan, view, size, clean]);

  useEffect(() => {
    const canvas = overlay.current;
    if (canvas === null) return;
    // Asked here only: anywhere else the browser would have to lay out the page anew to answer.
    const observer = new ResizeObserver(() => {
      const { width, height } = canvas.getBoundingClientRect();
      setRoom({ width, height, scale: pageScale() });
    });
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [view]);

  useEffect(() => {
    const canvas = overlay.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || room === undefined) return;
    const ratio = globalThis.devicePixelRatio;
    canvas.width = Math.max(1, Math.round(room.width * ratio));
    canvas.height = Math.max(1, Math.round(room.height * ratio));
    canvas.dataset['names'] = paintOverlay(context, placedAt(plan, shown?.time ?? 0), {
      source: plan.source,
      selected,
      draft,
      every: view !== 'redacted',
      ratio: ratio * room.scale,
    });
  }, [room, shown, plan, view, selected, draft]);

  useEffect(() => {
    if (mode !== 'look') overlay.current?.focus();
  }, [mode]);

  const point = (event: PointerEvent): { x: number; y: number; scale: number } => {
    const rect = event.currentTarget.getBoundingClientRect();
    const scale = rect.width / plan.source.width;
    return {
      x: (event.clientX - rect.left) / scale,
      y: ((event.clientY - rect.top) / rect.height) * plan.source.height,
      scale,
    };
  };
  const down = (event: PointerEvent<HTMLCanvasElement>): void => {
    const at = point(event);
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    if (drawing) {
      work.current = { handle: { x: 1, y: 1 }, from: at, box: { x: at.x, y: at.y, width: 0, height: 0 } };
      return;
    }
    const mine = placed.find(({ region }) => region.id === selected);
    const handle = mine && handleAt(mine.box, at, at.scale / pageScale());
    const hit = handle === undefined ? topmost(placed, at, selected) : mine;
    props.onSelect(hit?.region.id);
    if (editable && hit !== undefined && hit.region.id === selected)
      work.current = { handle, from: at, box: hit.box };
  };
  const move = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { current } = work;
    if (current === undefined) return;
    const at = point(event);
    setDraft(
      drawing
        ? boxBetween(current.from, at)
        : dragged(current.box, current.handle, at.x - current.from.x, at.y - current.from.y),
    );
  };
  const up = (): void => {
    work.current = undefined;
    if (draft === undefined) return;
    setDraft(undefined);
    commit(draft);
  };
  const commit = (box: PixelBox): void => {
    if (drawing) {
      if (box.width > 3 && box.height > 3) props.onDrawn(box);
    } else if (selected !== undefined) props.onMoved(selected, box);
  };
  /** Arrows move the box, with Shift its right and lower edge; Enter sets it. */
  const press = (event: KeyboardEvent): void => {
    if (!editable || mode === 'look') return;
    const own = placed.find(({ region }) => region.id === selected)?.box;
    const { width, height } = plan.source;
    const fresh = { x: width * 0.4, y: height * 0.4, width: width * 0.2, height: height * 0.2 };
    const box = draft ?? (drawing ? fresh : own);
    const step = Math.max(1, Math.round(width / 320));
    const arrow = arrows[event.key];
    if (box === undefined) return;
    if (arrow !== undefined) {
      const corner: Handle | undefined = event.shiftKey ? { x: 1, y: 1 } : undefined;
      setDraft(dragged(box, corner, arrow[0] * step, arrow[1] * step));
    } else if (event.key === 'Enter' && (draft !== undefined || drawing)) {
      setDraft(undefined);
      commit(box);
    } else if (event.key === 'Escape') {
      setDraft(undefined);
      props.onLeave();
    } else return;
    event.preventDefault();
  };
  const first = view === 'redacted' ? redacted : source;
  return (
    <div className={`st-stage st-stage--${view}`}>
      <Picture aspect={aspect} caption={view === 'both' ? words.view.source : undefined}>
        <canvas
          ref={first}
          key={view === 'redacted' ? 'redacted' : 'source'}
          data-shows={view === 'redacted' ? 'redacted' : 'source'}
          aria-hidden="true"
        />
        <canvas
          ref={overlay}
          className={`st-overlay ${drawing ? 'st-overlay--drawing' : ''}`}
          tabIndex={0}
          role="application"
          aria-label={words.stage.label(shown?.frame ?? 0, placed.length, selected)}
          aria-description={words.stage.description}
          data-frame={shown?.frame}
          onPointerDown={down}
          onPointerMove={move}
          onPointerUp={up}
          onKeyDown={press}
        />
      </Picture>
      {view === 'both' && (
        <Picture aspect={aspect} caption={words.view.redacted}>
          <canvas ref={redacted} key="redacted" data-shows="redacted" aria-hidden="true" />
        </Picture>
      )}
    </div>
  );
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function Picture({
  aspect,
  caption,
  children,
}: {
  readonly aspect: number;
  readonly caption: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="st-picture">
      <div className="st-picture__fit" style={{ aspectRatio: String(aspect), '--aspect': aspect } as object}>
        {children}
        {caption !== undefined && <span className="st-caption">{caption}</span>}
      </div>
    </div>
  );
}

/** Of regions under the pointer the one that is chosen already, then the smallest. */
function topmost(
  placed: readonly Placed[],
  { x, y }: { readonly x: number; readonly y: number },
  selected: string | undefined,
): Placed | undefined {
  return placed
    .filter(({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
    .sort(
      (a, b) =>
        Number(b.region.id === selected) - Number(a.region.id === selected) ||
        a.box.width * a.box.height - b.box.width * b.box.height,
    )[0];
}
