import type { RedactionPlan, Region } from '../plan.ts';

/** A region that is not alike in two plans. What is the same in both is absent. */
export interface RegionDifference {
  readonly id: string;
  readonly class: string;
  /** In which of the two it is covered. */
  readonly covered: 'one' | 'other' | 'both' | 'neither';
  readonly reason?: readonly [one: string | null, other: string | null];
  readonly style?: readonly [one: string, other: string];
  readonly span?: readonly [one: readonly [number, number], other: readonly [number, number]];
  /** It is at other places. */
  readonly path?: true;
}

/** What two plans of one source do not have in common. */
export interface PlanDifference {
  readonly regions: readonly RegionDifference[];
  /** The sound of both, when it is not treated alike. */
  readonly sound?: readonly [RedactionPlan['audio'], RedactionPlan['audio']];
}

/** What differs in what two plans withhold. Regions that neither covers are alike. */
export function difference(one: RedactionPlan, other: RedactionPlan): PlanDifference {
  const mine = new Map(one.regions.map((region) => [region.id, region]));
  const yours = new Map(other.regions.map((region) => [region.id, region]));
  const ids = [...new Set([...mine.keys(), ...yours.keys()])];
  const regions = ids.flatMap((id) => regionDifference(mine.get(id), yours.get(id)) ?? []);
  const alike = JSON.stringify(one.audio) === JSON.stringify(other.audio);
  return { regions, ...(alike ? {} : { sound: [one.audio, other.audio] as const }) };
}

function regionDifference(one?: Region, other?: Region): RegionDifference | undefined {
  const [covers, othersCovers] = [one?.redact === true, other?.redact === true];
  const known = one ?? other;
  if (known === undefined || (!covers && !othersCovers)) return undefined;
  const about = { id: known.id, class: known.class };
  if (one === undefined || other === undefined || covers !== othersCovers)
    return { ...about, covered: covers ? 'one' : 'other' };
  const differences = {
    ...(one.reason === other.reason ? {} : { reason: [one.reason ?? null, other.reason ?? null] as const }),
    ...(one.style === other.style ? {} : { style: [one.style, other.style] as const }),
    ...(one.start === other.start && one.end === other.end
      ? {}
      : { span: [[one.start, one.end] as const, [other.start, other.end] as const] as const }),
    ...(JSON.stringify(one.keyframes) === JSON.stringify(other.keyframes) ? {} : { path: true as const }),
  };
  return Object.keys(differences).length === 0 ? undefined : { ...about, covered: 'both', ...differences };
}
