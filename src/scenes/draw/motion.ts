/** Where a sprite is: the centre of its picture in pixels of the frame, its size as a factor, and how it is turned. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** Radians, clockwise, about the centre; 0 when absent. */
  readonly turn?: number;
}

/** The placement at a share of the shot, 0 at its first moment and 1 at its last. */
export type Motion = (share: number) => Placement;

export function resting(place: Placement): Motion {
  return () => place;
}

/** A straight line at constant speed. */
export function linear(from: Placement, to: Placement): Motion {
  return (share) => ({
    x: mix(from.x, to.x, share),
    y: mix(from.y, to.y, share),
    scale: mix(from.scale, to.scale, share),
    turn: mix(from.turn ?? 0, to.turn ?? 0, share),
  });
}

/** A quadratic Bezier curve; `via` bends it and is not passed. */
export function curved(from: Placement, via: Placement, to: Placement): Motion {
  const first = linear(from, via);
  const second = linear(via, to);
  return (share) => linear(first(share), second(share))(share);
}

/** The motion with a small regular swing across and up and down, as of somebody who walks. */
export function walking(motion: Motion, steps: number, swing: number): Motion {
  return (share) => {
    const place = motion(share);
    const phase = share * steps * Math.PI;
    return {
      ...place,
      x: place.x + Math.sin(phase) * swing * place.scale,
      y: place.y - Math.abs(Math.sin(phase)) * swing * place.scale,
    };
  };
}

/** The motion slowed at both ends (smoothstep), as of something that starts and stops. */
export function eased(motion: Motion): Motion {
  return (share) => motion(share * share * (3 - 2 * share));
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
