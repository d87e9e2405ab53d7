import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type PointerEvent,
  type ReactNode,
  type WheelEvent,
} from 'react';
import { words } from '../words.ts';
import { pageScale } from './scale.ts';
import { headHeight, laneHeight, paintTimeline, timeAt, type TimelineContent } from './timeline-paint.ts';

/** Which part of the recording the timeline shows, seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The part of `whole` that is `factor` times as long as `span`, with `around` at the same place as far as that goes. */
export function zoomed(span: Span, whole: Span, factor: number, around: number): Span {
  const length = Math.min(whole.to - whole.from, Math.max(0.2, (span.to - span.from) * factor));
  const share = Math.min(1, Math.max(0, (around - span.from) / (span.to - span.from)));
  const from = Math.min(whole.to - length, Math.max(whole.from, around - share * length));
  return { from, to: from + length };
}

/** The span moved just so far that a moment can be seen in it. */
export function showing(span: Span, whole: Span, time: number): Span {
  if (time >= span.from && time <= span.to) return span;
  const length = span.to - span.from;
  const from = Math.min(whole.to - length, Math.max(whole.from, time - length / 2));
  return { from, to: from + length };
}

/** One lane for each track, drawn: two hundred tracks cost no more than those that are seen. */
export function Timeline({
  content,
  span,
  whole,
  onSpan,
  onSeek,
  onSelect,
}: {
  readonly content: TimelineContent;
  readonly span: Span;
  readonly whole: Span;
  readonly onSpan: (span: Span) => void;
  readonly onSeek: (time: number) => void;
  readonly onSelect: (region: string) => void;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  // The canvas is drawn as on a usual screen, and enlarged with the page on a wall.
  const [{ width, height, scale }, setSize] = useState({ width: 800, height: 200, scale: 1 });
  const [scrolled, setScrolled] = useState(0);
  const scrubbing = useRef(false);
  const head = headHeight(content);
  const { lanes, selected } = content;
  const most = Math.max(0, lanes.length * laneHeight - (height - head));
  const reached = Math.min(scrolled, most);
  const ratio = globalThis.devicePixelRatio * scale;
  const view = useMemo(
    () => ({ width, height, from: span.from, to: span.to, scrolled: reached, ratio }),
    [width, height, span.from, span.to, reached, ratio],
  );

  useEffect(() => {
    const shown = canvas.current;
    if (shown === null) return;
    const observer = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = shown;
      const now = pageScale();
      setSize({ width: clientWidth / now, height: clientHeight / now, scale: now });
    });
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);

  const lane = lanes.findIndex(({ id }) => id === selected);
  const [followed, setFollowed] = useState(lane);
  if (followed !== lane) {
    setFollowed(lane);
    const room = height - head - laneHeight;
    if (lane !== -1 && (lane * laneHeight < scrolled || lane * laneHeight > scrolled + room))
      setScrolled(Math.max(0, lane * laneHeight - room / 2));
  }

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const [wide, high] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)];
    if (canvas.current.width !== wide || canvas.current.height !== high)
      [canvas.current.width, canvas.current.height] = [wide, high];
    paintTimeline(context, view, content);
  }, [view, content]);

  const place = (event: PointerEvent<HTMLCanvasElement>): { time: number; y: number } => {
    const rect = event.currentTarget.getBoundingClientRect();
    return { time: timeAt(view, (event.clientX - rect.left) / scale), y: (event.clientY - rect.top) / scale };
  };
  const down = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { time, y } = place(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    scrubbing.current = true;
    const hit = lanes[Math.floor((y - head + view.scrolled) / laneHeight)];
    if (y > head && hit !== undefined) onSelect(hit.id);
    onSeek(time);
  };
  const wheel = (event: WheelEvent<HTMLCanvasElement>): void => {
    if (event.ctrlKey || event.shiftKey) {
      const rect = event.currentTarget.getBoundingClientRect();
      const around = timeAt(view, (event.clientX - rect.left) / scale);
      onSpan(zoomed(span, whole, event.deltaY + event.deltaX > 0 ? 1.25 : 0.8, around));
    } else setScrolled(Math.max(0, Math.min(most, view.scrolled + event.deltaY)));
  };
  return (
    <div className="st-lanes">
      <canvas
        ref={canvas}
        role="img"
        aria-label={words.timeline.label(lanes.length, content.doubts.length)}
        onPointerDown={down}
        onPointerMove={(event) => scrubbing.current && onSeek(place(event).time)}
        onPointerUp={() => (scrubbing.current = false)}
        onPointerCancel={() => (scrubbing.current = false)}
        onWheel={wheel}
      />
      {most > 0 && (
        <input
          className="st-scroll"
          type="range"
          min={0}
          max={most}
          value={view.scrolled}
          aria-label={words.timeline.scroll}
          onChange={({ currentTarget }) => setScrolled(Number(currentTarget.value))}
        />
      )}
    </div>
  );
}
