import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { showPercent } from '../../../../../web/kit/format.ts';
import { t } from '../../../../../web/text/en.ts';
import type { CameraText, Point } from '../site-text.ts';
import { shapesOf, type Shape, type ShapeKind } from './edit-site.ts';
import { Painted } from '../wall/painted.tsx';
import { FIELD_WIDTH as WIDTH, fieldHeight } from './field.ts';
import { Shapes } from './sketch.tsx';

const words = t.watch.editor;
const [STEP, FAR] = [0.005, 0.05];
const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const clamped = (value: number): number => Math.min(1, Math.max(0, value));

/** Where a key moves a point to; undefined for any other key. */
function moved([x, y]: Point, { key, shiftKey }: KeyboardEvent): Point | undefined {
  const way = arrows[key];
  const step = shiftKey ? FAR : STEP;
  return way === undefined ? undefined : [clamped(x + way[0] * step), clamped(y + way[1] * step)];
}

function pointAt({ clientX, clientY }: PointerEvent, field: Element | null): Point {
  const { left, top, width, height } = (field ?? document.body).getBoundingClientRect();
  return [clamped((clientX - left) / width), clamped((clientY - top) / height)];
}

/** The zones of a camera, each corner of which is dragged, or moved by keys. */
export function Canvas({
  camera,
  picture,
  readOnly,
  drawing,
  onShape,
  onDrawn,
  onSay,
}: {
  readonly camera: CameraText;
  /** What lies behind the zones, where there is one. */
  readonly picture: ImageBitmap | undefined;
  readonly readOnly: boolean;
  /** What is being drawn. */
  readonly drawing: ShapeKind | undefined;
  readonly onShape: (shape: Shape) => void;
  /** @param points undefined when it was given up. */
  readonly onDrawn: (points: readonly Point[] | undefined) => void;
  readonly onSay: (words: string) => void;
}): ReactNode {
  const [dragged, setDragged] = useState<{ readonly shape: Shape; readonly at: number }>();
  const replaced = ({ points, ...shape }: Shape, at: number, point: Point): Shape => ({
    ...shape,
    points: points.map((one, index) => (index === at ? point : one)),
  });
  const press = (event: KeyboardEvent, shape: Shape, at: number): void => {
    const { points, kind } = shape;
    const [here, next] = [points[at], points[(at + 1) % points.length]];
    const to = here === undefined ? undefined : moved(here, event);
    if (to !== undefined) onShape(replaced(shape, at, to));
    else if ((event.key === 'Insert' || event.key === '+') && kind !== 'lines' && here && next) {
      const middle: Point = [(here[0] + next[0]) / 2, (here[1] + next[1]) / 2];
      onShape({ ...shape, points: points.toSpliced(at + 1, 0, middle) });
    } else if (event.key === 'Delete' && kind !== 'lines') {
      if (points.length <= 3) onSay(words.said.few);
      else onShape({ ...shape, points: points.toSpliced(at, 1) });
    } else return;
    event.preventDefault();
  };
  const shapes = shapesOf(camera);
  const height = fieldHeight(picture);
  return (
    <div className="ww-canvasbox">
      {picture !== undefined && <Painted picture={picture} />}
      <svg
        className="ww-sketch"
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="group"
        aria-label={words.picture(camera.id)}
        onPointerMove={(event) => {
          if (dragged === undefined) return;
          const shape = replaced(dragged.shape, dragged.at, pointAt(event, event.currentTarget));
          setDragged({ ...dragged, shape });
        }}
        onPointerUp={() => {
          if (dragged !== undefined) onShape(dragged.shape);
          setDragged(undefined);
        }}
      >
        {picture === undefined && <rect className="ww-ground" width={WIDTH} height={height} />}
        <Shapes camera={camera} height={height} />
        {dragged !== undefined && (
          <polygon
            className="ww-dragged"
            points={dragged.shape.points.map(([x, y]) => `${x * WIDTH},${y * height}`).join(' ')}
          />
        )}
        {!readOnly &&
          drawing === undefined &&
          shapes.flatMap((shape) =>
            shape.points.map(([x, y], at) => (
              <circle
                key={`${shape.kind} ${shape.name} ${at}`}
                className="ww-corner"
                role="button"
                tabIndex={0}
                aria-label={words.corner(
                  shape.name,
                  at + 1,
                  shape.points.length,
                  showPercent(x),
                  showPercent(y),
                )}
                cx={x * WIDTH}
                cy={y * height}
                r={14}
                onKeyDown={(event) => press(event, shape, at)}
                onPointerDown={(event) => {
                  // The field follows the pointer, also beyond the corner.
                  event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId);
                  setDragged({ shape, at });
                }}
              />
            )),
          )}
      </svg>
      {drawing !== undefined && <Pen kind={drawing} height={height} onDrawn={onDrawn} onSay={onSay} />}
    </div>
  );
}

/** Draws a new shape: by clicks, or with a cross that the arrow keys move. */
function Pen({
  kind,
  height,
  onDrawn,
  onSay,
}: {
  readonly kind: ShapeKind;
  readonly height: number;
  readonly onDrawn: (points: readonly Point[] | undefined) => void;
  readonly onSay: (words: string) => void;
}): ReactNode {
  const [cross, setCross] = useState<Point>([0.5, 0.5]);
  const [points, setPoints] = useState<readonly Point[]>([]);
  const enough = kind === 'lines' ? 2 : 3;
  const set = (point: Point): void => {
    const now = [...points, point];
    if (kind === 'lines' && now.length === enough) return onDrawn(now);
    setPoints(now);
    onSay(words.said.point(now.length));
  };
  const press = (event: KeyboardEvent): void => {
    const to = moved(cross, event);
    if (to !== undefined) setCross(to);
    else if (event.key === ' ') set(cross);
    else if (event.key === 'Escape') onDrawn(undefined);
    else if (event.key === 'Enter' && points.length >= enough) onDrawn(points);
    else return;
    event.preventDefault();
  };
  const [x, y] = [cross[0] * WIDTH, cross[1] * height];
  return (
    <svg
      className="ww-sketch ww-pen"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="application"
      aria-label={words.drawing}
      tabIndex={0}
      ref={(pen) => pen?.focus()}
      onKeyDown={press}
      onPointerDown={(event) => set(pointAt(event, event.currentTarget))}
      onPointerMove={(event) => setCross(pointAt(event, event.currentTarget))}
    >
      <polyline
        className="ww-drawn"
        points={[...points, cross].map((point) => `${point[0] * WIDTH},${point[1] * height}`).join(' ')}
      />
      <path className="ww-cross" d={`M${x - 30} ${y}h60M${x} ${y - 30}v60`} />
    </svg>
  );
}
