import { Random } from '../../../src/core/random.ts';
import { nearestPerson, tracesOf, type Known, type Traces } from './attack.ts';
import type { Obfuscation } from './obfuscations.ts';
import type { Recogniser } from './recogniser.ts';
import { composeScene, type Head, type Look, type Scene } from './scene.ts';

/** What the attacker compares, and whether the gallery was hidden in the same way as the probe. */
export const attacks = [
  { trace: 'recogniser', gallery: 'clear' },
  { trace: 'recogniser', gallery: 'alike' },
  { trace: 'pixels', gallery: 'clear' },
  { trace: 'pixels', gallery: 'alike' },
] as const satisfies readonly { trace: keyof Traces; gallery: 'clear' | 'alike' }[];

/** How often each person was named rightly: 0 or 1 for each trial, by person. */
export type Hits = readonly (readonly number[])[];

export interface TrialCounts {
  /** Rounds with a gallery of their own. */
  readonly rounds: number;
  /** Of each person, in each round. */
  readonly probes: number;
  readonly gallery: number;
}

interface Appearance {
  readonly person: number;
  readonly scene: Scene;
}

/**
 * Lets the attacker name the persons behind each obfuscation. Every appearance of a person has surroundings of its own.
 * @returns for each obfuscation, the hits of each of {@link attacks}.
 */
export async function runTrials(
  heads: readonly Head[],
  obfuscations: readonly Obfuscation[],
  counts: TrialCounts,
  recogniser: Recogniser,
): Promise<Hits[][]> {
  const hits = obfuscations.map(() => attacks.map(() => heads.map((): number[] => [])));
  for (let round = 0; round < counts.rounds; round++) {
    const gallery = await appearances(heads, counts.gallery, `${round}/gallery`, variedLook);
    const probes = await appearances(heads, counts.probes, `${round}/probes`, plainLook);
    const clear = await known(gallery, obfuscations[0]!, recogniser);
    for (const [index, obfuscation] of obfuscations.entries()) {
      const alike = await known(gallery, obfuscation, recogniser);
      const random = new Random(`ties/${round}/${obfuscation.name}`);
      for (const { person, scene } of probes) {
        const traces = await tracesOf(obfuscation.hide(scene), recogniser);
        for (const [attack, { trace, gallery: kind }] of attacks.entries()) {
          const entries = (kind === 'clear' ? clear : alike)[trace];
          const named = nearestPerson(traces[trace], entries, random);
          hits[index]![attack]![person]!.push(named === person ? 1 : 0);
        }
      }
    }
  }
  return hits;
}

async function appearances(
  heads: readonly Head[],
  each: number,
  seed: string,
  lookOf: (random: Random) => Look,
): Promise<Appearance[]> {
  const made: Appearance[] = [];
  for (const [person, head] of heads.entries()) {
    for (let i = 0; i < each; i++) {
      const random = new Random(`${seed}/${head.id}/${i}`);
      made.push({ person, scene: await composeScene(head, lookOf(random), random) });
    }
  }
  return made;
}

function plainLook(random: Random): Look {
  return { angle: 0, size: random.between(0.97, 1.03), light: 1 };
}

/** Turned, rescaled, brighter or darker, and compressed. */
function variedLook(random: Random): Look {
  return {
    angle: random.between(-6, 6),
    size: random.between(0.92, 1.05),
    light: random.between(0.85, 1.2),
    quality: 60,
  };
}

async function known(
  gallery: readonly Appearance[],
  obfuscation: Obfuscation,
  recogniser: Recogniser,
): Promise<Record<keyof Traces, Known[]>> {
  const entries: Record<keyof Traces, Known[]> = { recogniser: [], pixels: [] };
  for (const { person, scene } of gallery) {
    const traces = await tracesOf(obfuscation.hide(scene), recogniser);
    entries.recogniser.push({ person, point: traces.recogniser });
    entries.pixels.push({ person, point: traces.pixels });
  }
  return entries;
}
