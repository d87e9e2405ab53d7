import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  readReferenceTracks,
  readSequence,
  trackBothWays,
  trackOnline,
  type MotSequence,
} from '../../../test/mot-sequences.ts';
import { needs } from '../../../test/needs.ts';
import { alignSequences, clearMot, hota, identityScores, type AlignedSequence } from '../../stats/index.ts';

const referenceOf = (sequence: MotSequence): AlignedSequence =>
  alignSequences(sequence.truth, readReferenceTracks(sequence.name));

/** Boxes that fit best, and three detections to be believed: what the measures reward. */
const measured = { smoothing: 'smooth', minBestScore: Infinity, minDetections: 3 } as const;

describe('on public sequences', () => {
  test('both trackers follow people better than the published reference, even from every third frame', (t) => {
    if (!needs(t, 'shared')) return;
    const sequences = ['TUD-Campus', 'TUD-Stadtmitte'].map(readSequence);
    const reference = sequences.map(referenceOf);
    for (const step of [1, 3]) {
      for (const own of [
        sequences.map((sequence) => trackOnline(sequence, step)),
        sequences.map((sequence) => trackBothWays(sequence, step, measured)),
      ]) {
        own.forEach((one, at) => assert.ok(hota([one]).hota > hota([reference[at]!]).hota + 0.05));
        assert.ok(identityScores(own).idf1 > identityScores(reference).idf1);
        assert.ok(clearMot(own).mota > clearMot(reference).mota);
        assert.ok(clearMot(own).identitySwitches < clearMot(reference).identitySwitches);
      }
    }
  });

  test('the trackers hold their level on PETS', (t) => {
    if (!needs(t, 'shared')) return;
    const pets = readSequence('PETS09-S2L1');
    const online = [trackOnline(pets, 1)];
    assert.ok(hota(online).hota > 0.46);
    assert.ok(identityScores(online).idf1 > 0.66);
    const both = [trackBothWays(pets, 1, measured)];
    assert.ok(hota(both).hota > 0.5);
    assert.ok(clearMot(both).mota > 0.72);
    assert.ok(identityScores(both).idf1 > 0.7);
    assert.ok(hota([trackBothWays(pets, 3, measured)]).hota > 0.46);
  });
});
