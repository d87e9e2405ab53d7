import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packagePhotos } from '../../../../material/faces.ts';
import type { CommandIo } from '../../../core/command.ts';
import { evaluationPermit } from '../../../core/permit.ts';
import { defaultCacheDir } from '../../../models/index.ts';
import { photosOf } from '../../../scenes/halves.ts';
import { efforts } from '../../../vision/effort.ts';
import { evaluate } from './evaluate.ts';
import { runEvaluate } from './evaluate-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-evaluation-'));
after(() => rmSync(folder, { recursive: true }));

const engine = { permit: evaluationPermit, cacheDir: defaultCacheDir(process.env, homedir()), threads: 2 };

/** The text that a command writes, and its events. */
function io(json: boolean): { io: CommandIo; text: () => string; events: object[] } {
  let text = '';
  const events: object[] = [];
  const output = { write: (more: string) => Promise.resolve(void (text += more)) };
  return {
    events,
    text: () => text,
    io: {
      ...{ stdout: output, stderr: output, isTerminal: false, columns: 100, json, progress: () => undefined },
      signal: new AbortController().signal,
      emit: (event, fields) => Promise.resolve(void events.push({ event, ...fields })),
    },
  };
}

test('a profile is measured on clips of photographs, which a second run finds again', async () => {
  const request = {
    contenders: [{ name: 'fast', profile: 'fast', effort: efforts.fast }],
    seeds: [1001],
    photos: photosOf('reporting', packagePhotos),
    engine,
    folder,
  };
  const [first] = await evaluate(request);
  assert.deepEqual(readdirSync(folder).sort(), ['seed-1001.mp4', 'seed-1001.truth.json']);
  const faces = first?.classes.find((score) => score.class === 'face');
  assert.ok(faces !== undefined && faces.recall.sightings > 40);
  // Large faces of photographs: a detector that finds none of them, or a truth that is elsewhere, would show.
  assert.ok(faces.recall.covered > 0.5 * faces.recall.sightings);
  assert.ok((first?.cpuPerFrame ?? 0) > 0);
  const [second] = await evaluate(request);
  assert.deepEqual(second?.classes, first?.classes);
});

test('without photographs the command says that faces are left out', async () => {
  const told = io(false);
  assert.equal(await runEvaluate({ seeds: '1003-1003', profile: ['fast'] }, told.io), 0);
  assert.match(told.text(), /^Simulated: scenes of the seeds 1003-1003 \(for reporting\)/);
  assert.match(told.text(), /Faces are not measured/);
  assert.doesNotMatch(told.text(), /faces >= 24 px/);
});

test('mistakes are refused before anything is composed', async () => {
  const refused = [
    [{ seeds: '5-3' }, 'E_OPTION'],
    [{ seeds: '900-1100' }, 'E_OPTION'],
    [{ seeds: 'many' }, 'E_OPTION'],
    [{ faces: 'faces.json' }, 'E_OPTION'],
    [{ plot: 'plot.svg' }, 'E_OPTION'],
    [{ profile: ['slow'] }, 'E_PROFILE'],
    [{ photographs: join(folder, 'none') }, 'E_PHOTOGRAPHS'],
  ] as const;
  for (const [options, code] of refused) {
    await assert.rejects(runEvaluate(options, io(false).io), { code });
  }
});
