import { holdsCentre, iou } from '../../../core/box.ts';
import type { FrameObservations, Observation } from '../../../core/observation.ts';
import { boxOnPath } from '../../../core/path.ts';
import type { NewObservation } from '../../../platform/store/observations.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import { pathOf } from './geometry.ts';

/** Where what was seen belongs. */
export interface SeenIn {
  readonly siteId: string;
  readonly assetId: string;
  /** The recording's own time 0 as wall time; when it came in, for want of better. */
  readonly began: Date;
}

/**
 * What models saw, as it is kept: with the region of the plan it belongs to, and without the texts that were read, which
 * nobody needs to tell where they are.
 */
export function sightings(plan: RedactionPlan, { siteId, assetId, began }: SeenIn) {
  const regions = plan.regions
    .filter(({ origin }) => origin === 'model')
    .map((region) => ({ region, path: pathOf(region) }));
  const trackOf = ({ class: name, box }: Observation, time: number): Region['id'] | undefined => {
    const near = regions
      .filter(({ region }) => region.class === name && time >= region.start && time <= region.end)
      .map(({ region, path }) => ({ id: region.id, place: boxOnPath(path, time) }))
      .filter(({ place }) => holdsCentre(place, box))
      .sort((a, b) => iou(b.place, box) - iou(a.place, box));
    return near[0]?.id;
  };
  return ({ time, observations }: FrameObservations): NewObservation[] =>
    observations.map((observation) => {
      const track = trackOf(observation, time);
      return {
        siteId,
        assetId,
        seenAt: new Date(began.getTime() + Math.round(time * 1000)),
        at: time,
        class: observation.class,
        score: Math.min(1, Math.max(0, observation.score)),
        box: observation.box,
        model: observation.model.id,
        modelDigest: observation.model.digest,
        ...(track === undefined ? {} : { track }),
      };
    });
}
