/** A rectangle in pixels. Origin top-left of the picture as a person sees it; fractions are allowed. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A rectangle as fractions (0..1) of a picture's width and height; nominally distinct from {@link PixelBox}. */
export interface NormalizedBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function area(box: PixelBox): number {
  return Math.max(0, box.width) * Math.max(0, box.height);
}

/** The common part of two boxes; width and height are 0 when they do not meet. */
export function intersection(a: PixelBox, b: PixelBox): PixelBox {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** Intersection over union, 0..1. */
export function iou(a: PixelBox, b: PixelBox): number {
  const common = area(intersection(a, b));
  const union = area(a) + area(b) - common;
  return union > 0 ? common / union : 0;
}

/** Share of `inner` that lies in `outer`, 0..1. */
export function coverage(inner: PixelBox, outer: PixelBox): number {
  const own = area(inner);
  return own > 0 ? area(intersection(inner, outer)) / own : 0;
}

/** Whether the centre of `inner` lies in `outer`, its edges included. */
export function holdsCentre(outer: PixelBox, inner: PixelBox): boolean {
  const x = inner.x + inner.width / 2;
  const y = inner.y + inner.height / 2;
  return x >= outer.x && x <= outer.x + outer.width && y >= outer.y && y <= outer.y + outer.height;
}

/** Smallest box that holds both. */
export function hull(a: PixelBox, b: PixelBox): PixelBox {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** The box enlarged about its centre: 1 leaves it, 1.5 makes it half as wide and half as high again. */
export function scaled(box: PixelBox, factorX: number, factorY = factorX): PixelBox {
  const width = box.width * factorX;
  const height = box.height * factorY;
  return { x: box.x - (width - box.width) / 2, y: box.y - (height - box.height) / 2, width, height };
}

/** The part of the box that lies inside a picture of the given size. */
export function clipped(box: PixelBox, size: Size): PixelBox {
  return intersection(box, { x: 0, y: 0, width: size.width, height: size.height });
}

export function toPixels(box: NormalizedBox, frame: PixelBox): PixelBox {
  return {
    x: frame.x + box.left * frame.width,
    y: frame.y + box.top * frame.height,
    width: (box.right - box.left) * frame.width,
    height: (box.bottom - box.top) * frame.height,
  };
}

export function toNormalized(box: PixelBox, size: Size): NormalizedBox {
  return {
    left: box.x / size.width,
    top: box.y / size.height,
    right: (box.x + box.width) / size.width,
    bottom: (box.y + box.height) / size.height,
  };
}

/** Linear interpolation from `a` (share 0) to `b` (share 1). */
export function between(a: PixelBox, b: PixelBox, share: number): PixelBox {
  const mix = (from: number, to: number): number => from + (to - from) * share;
  return {
    x: mix(a.x, b.x),
    y: mix(a.y, b.y),
    width: mix(a.width, b.width),
    height: mix(a.height, b.height),
  };
}

/** The box moved, and where that is not enough cut, so that it lies inside a picture of the given size. */
export function movedInside(box: PixelBox, size: Size): PixelBox {
  const width = Math.min(box.width, size.width);
  const height = Math.min(box.height, size.height);
  return {
    x: Math.min(Math.max(0, box.x), size.width - width),
    y: Math.min(Math.max(0, box.y), size.height - height),
    width,
    height,
  };
}
