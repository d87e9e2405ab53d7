import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { TidewaiterError } from '../../core/errors.ts';
import { needs, sharedData } from '../../../test/needs.ts';
import { clearMot } from './clear.ts';
import { hota } from './hota.ts';
import { identityScores } from './identity.ts';
import { motTracks, motTruth, parseMot } from './mot-format.ts';
import { alignSequences, type AlignedSequence, type TrackSequence } from './sequence.ts';

function golden(name: string): AlignedSequence {
  const read = (kind: string): ReturnType<typeof parseMot> =>
    parseMot(readFileSync(join(sharedData, 'watch/metrics-golden', `${name}-${kind}.txt`), 'utf8'));
  return alignSequences(motTruth(read('gt')), motTracks(read('test')));
}

/** As the tables of TrackEval print it. */
const percent = (value: number, digits: number): string => (100 * value).toFixed(digits);

/** One box per frame and identity, wide apart: `places[frame]` lists the identities by place. */
function sequence(places: readonly (readonly (string | undefined)[])[], shift = 0): TrackSequence {
  return new Map(
    places.map((ids, frame) => [
      frame,
      ids.flatMap((id, place) =>
        id === undefined ? [] : [{ id, box: { x: 100 * place + shift, y: 0, width: 10, height: 10 } }],
      ),
    ]),
  );
}

describe('tracking measures', () => {
  test('agree with py-motmetrics and TrackEval on TUD-Campus', (t) => {
    if (!needs(t, 'shared')) return;
    const campus = [golden('TUD-Campus')];
    const clear = clearMot(campus);
    assert.equal(percent(clear.mota, 1), '52.6');
    assert.equal(percent(clear.motp, 1), '72.3');
    assert.equal(clear.identitySwitches, 7);
    assert.equal(clear.falsePositives, 13);
    assert.equal(clear.falseNegatives, 150);
    assert.equal(clear.fragmentations, 7);
    assert.equal(percent(identityScores(campus).idf1, 1), '55.8');
    const scores = hota(campus);
    assert.equal(percent(scores.hota, 3), '39.140');
    assert.equal(percent(scores.detA, 3), '41.805');
    assert.equal(percent(scores.assA, 3), '36.912');
  });

  test('agree with py-motmetrics and TrackEval on TUD-Stadtmitte', (t) => {
    if (!needs(t, 'shared')) return;
    const stadtmitte = [golden('TUD-Stadtmitte')];
    const clear = clearMot(stadtmitte);
    assert.equal(percent(clear.mota, 1), '56.4');
    assert.equal(percent(clear.motp, 1), '65.4');
    assert.equal(clear.identitySwitches, 7);
    assert.equal(clear.falsePositives, 45);
    assert.equal(clear.falseNegatives, 452);
    assert.equal(clear.fragmentations, 6);
    assert.equal(percent(identityScores(stadtmitte).idf1, 1), '64.5');
    const scores = hota(stadtmitte);
    assert.equal(percent(scores.hota, 3), '39.785');
    assert.equal(percent(scores.detA, 3), '39.227');
    assert.equal(percent(scores.assA, 3), '40.884');
  });

  test('pool sequences as TrackEval does', (t) => {
    if (!needs(t, 'shared')) return;
    const both = [golden('TUD-Campus'), golden('TUD-Stadtmitte')];
    assert.equal(percent(hota(both).hota, 3), '39.996');
    assert.equal(clearMot(both).identitySwitches, 14);
  });

  test('give full marks to the truth itself', () => {
    const truth = sequence([['a', 'b'], ['a', 'b'], ['a']]);
    const same = [alignSequences(truth, truth)];
    assert.deepEqual(Object.values(hota(same)), [1, 1, 1, 1, 1, 1, 1, 1]);
    assert.equal(identityScores(same).idf1, 1);
    const clear = clearMot(same);
    assert.equal(clear.mota, 1);
    assert.equal(clear.mostlyTracked, 2);
  });

  test('count what can be counted by hand', () => {
    const truth = sequence([['a'], ['a'], ['a'], ['a'], ['b'], ['b'], ['b'], ['b'], ['b'], ['b']]);
    const tracked = sequence([['1'], [], ['1'], ['2'], [], ['3', 'x'], [], [], [], []]);
    const aligned = [alignSequences(truth, tracked)];
    const clear = clearMot(aligned);
    assert.equal(clear.truePositives, 4);
    assert.equal(clear.falsePositives, 1);
    assert.equal(clear.falseNegatives, 6);
    assert.equal(clear.identitySwitches, 1);
    assert.equal(clear.mota, 0.2);
    assert.equal(clear.partlyTracked, 1);
    assert.equal(clear.mostlyLost, 1);
    const identity = identityScores(aligned);
    assert.equal(identity.idTruePositives, 3);
    assert.equal(identity.idp, 3 / 5);
    assert.equal(identity.idr, 3 / 10);
    // Pairs: a-1 twice of 4 and 2, a-2 once of 4 and 1, b-3 once of 6 and 1, at every threshold.
    const scores = hota(aligned);
    assert.ok(Math.abs(scores.detA - 4 / 11) < 1e-12);
    assert.ok(Math.abs(scores.assA - (4 / 4 + 1 / 4 + 1 / 6) / 4) < 1e-12);
    assert.ok(Math.abs(scores.assRe - (4 / 4 + 1 / 4 + 1 / 6) / 4) < 1e-12);
    assert.ok(Math.abs(scores.assPr - (4 / 2 + 1 + 1) / 4) < 1e-12);
  });

  test('lower localisation with displaced boxes', () => {
    const truth = sequence([['a'], ['a']]);
    const scores = hota([alignSequences(truth, sequence([['a'], ['a']], 5))]);
    assert.ok(Math.abs(scores.locA - (6 / 3 + 13) / 19) < 1e-12);
    assert.ok(Math.abs(scores.detA - 6 / 19) < 1e-12);
  });

  test('take empty sides', () => {
    const truth = sequence([['a']]);
    const nothing = sequence([]);
    assert.equal(hota([alignSequences(truth, nothing)]).hota, 0);
    assert.equal(clearMot([alignSequences(nothing, truth)]).falsePositives, 1);
    assert.equal(identityScores([alignSequences(nothing, nothing)]).idf1, 0);
  });
});

describe('MOT files', () => {
  test('leave flagged truth out', () => {
    const rows = parseMot('1,1,0,0,10,20,1,-1,-1,-1\r\n1,2,5,5,10,20,0,-1,-1,-1\n\n');
    assert.deepEqual(rows[1], { frame: 1, id: 2, box: { x: 5, y: 5, width: 10, height: 20 }, confidence: 0 });
    assert.equal(motTracks(rows).get(1)!.length, 2);
    assert.equal(motTruth(rows).get(1)!.length, 1);
  });

  test('name the line that cannot be read', () => {
    for (const text of ['1,1,0,0,10,20', '1,1,0,0,x,20,1', '1,1,,0,10,20,1']) {
      assert.throws(
        () => parseMot(`1,1,0,0,10,20,1\n${text}\n`),
        (error) =>
          error instanceof TidewaiterError && error.code === 'E_MOT_FORMAT' && /Line 2/.test(error.message),
      );
    }
  });

  test('refuse an identity twice in a frame', () => {
    const twice = motTracks(parseMot('1,1,0,0,10,20,1\n1,1,5,0,10,20,1\n'));
    assert.throws(() => alignSequences(twice, twice), RangeError);
  });
});
