import { useEffect, useMemo, useRef, useState } from 'react';
import type { Size } from '../../../../core/box.ts';
import type { RedactionPlan } from '../../plan.ts';
import type { Still } from '../../review/questions.ts';
import type { Clock } from './clock.ts';
import { namedOf, type Named } from './names.ts';
import { paintCovered } from './paint.ts';
import { placedAt, type Placed } from './placed.ts';
import type { Player } from './player.ts';

/** Makes pictures of moments: what will be rendered, in the order in which it is wanted. */
export function useStills(
  { player, size, plan, clock }: StillsOf,
  wanted: readonly Still[],
): (still: Still) => Drawn | undefined {
  const made = useRef(new Map<string, Drawn>());
  const [, setCount] = useState(0);
  const orders = useMemo(() => wanted.map((still) => orderOf(still, plan, clock)), [wanted, plan, clock]);
  useEffect(() => {
    let going = true;
    const known = made.current;
    const make = async (): Promise<void> => {
      for (const order of orders) {
        if (known.has(order.key)) continue;
        const picture = await player.show(order.frame);
        if (!going) return;
        if (picture === undefined) continue;
        const still = await drawn(picture, order, plan, size);
        if (!going) return still.picture.close();
        known.set(order.key, still);
        setCount((count) => count + 1);
      }
    };
    // A frame that cannot be shown stays empty, and nothing on the page can be judged by it.
    make().catch(() => undefined);
    return () => {
      going = false;
    };
  }, [player, size, plan, orders]);
  useEffect(() => {
    const keys = new Set(orders.map(({ key }) => key));
    for (const [key, { picture }] of made.current) {
      if (keys.has(key)) continue;
      picture.close();
      made.current.delete(key);
    }
  }, [orders]);
  useEffect(() => {
    const { current } = made;
    return () => {
      for (const { picture } of current.values()) picture.close();
      current.clear();
    };
  }, []);
  return (still) => {
    const at = wanted.indexOf(still);
    return made.current.get(orders[at]?.key ?? '');
  };
}

/** What will be rendered of a part of the picture, and the regions in it, in its pixels. */
export interface Drawn {
  readonly picture: ImageBitmap;
  readonly named: readonly Named[];
}

/** What stills are made of. */
export interface StillsOf {
  readonly player: Player;
  /** Of what the player shows. */
  readonly size: Size;
  readonly plan: RedactionPlan;
  readonly clock: Clock;
}

interface Order {
  /** The same as long as the picture is. */
  readonly key: string;
  readonly still: Still;
  readonly frame: number;
  readonly placed: readonly Placed[];
}

function orderOf(still: Still, plan: RedactionPlan, clock: Clock): Order {
  const frame = clock.frameAt(still.time);
  const placed = placedAt(plan, clock.timeOf(frame)).filter(({ covered }) => covered);
  const covers = placed.map(({ region: { id, style, shape, label }, box }) => [id, style, shape, label, box]);
  return { key: JSON.stringify([frame, still.field, covers]), still, frame, placed };
}

async function drawn(
  picture: CanvasImageSource,
  { still: { field }, placed }: Order,
  plan: RedactionPlan,
  size: Size,
): Promise<Drawn> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser gives no canvas to draw on');
  context.drawImage(picture, 0, 0, size.width, size.height);
  paintCovered(context, plan, placed, plan.source);
  const [across, down] = [size.width / plan.source.width, size.height / plan.source.height];
  const still = await createImageBitmap(
    canvas,
    ...([field.x * across, field.y * down] as const),
    ...([Math.max(1, field.width * across), Math.max(1, field.height * down)] as const),
  );
  const masks = placed.filter(({ region }) => region.style !== 'outline');
  return { picture: still, named: namedOf(masks, { across, down }, field) };
}
