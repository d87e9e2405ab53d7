import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { canConfine } from '../../src/governance/acceptance/confine.ts';
import { checkLab } from '../../src/governance/acceptance/verify.ts';
import { honest, ownTemporaryFolder, sealedLab, submitProcess } from './acceptance-lab.ts';

const labRemains = ownTemporaryFolder();
const noConfinement = (await canConfine()) ? false : 'needs user namespaces';

/** Processes of this machine whose command line or folder is that of a vendor of ours. */
function orphans(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return line.includes(mark) ? [line] : [];
      } catch {
        return [];
      }
    });
}

describe('a hostile process', { skip: noConfinement }, () => {
  test('fails a process that breaks the rules, and leaves nothing of it', async (t) => {
    const limits = { startSeconds: 20, itemSeconds: 4, totalSeconds: 60, memoryMiB: 500 };
    const lab = await sealedLab(t, { limits });
    const mark = `orphan-${process.pid}-${Date.now()}`;
    const escape = `spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '${mark}'], { detached: true, stdio: 'ignore' }).unref();`;
    const hostile: [string, RegExp, string, string][] = [
      ['slow', /within 4 s/, 'for (;;) {}', escape],
      ['died', /ended by itself with 3/, 'process.exit(3);', escape],
      [
        'flood',
        /in one line/,
        `for (;;) await new Promise((done) => process.stdout.write('x'.repeat(65536), done));`,
        '',
      ],
      [
        'talk',
        /nobody had asked/,
        `process.stdout.write(JSON.stringify({ type: 'answer', id: item.id, detections: [] }) + '\\n{}\\n');`,
        '',
      ],
      ['answer', /another item/, `say({ type: 'answer', id: '0'.repeat(32), detections: [] });`, ''],
      [
        'answer',
        /no JSON/,
        `say('{"type":"answer","id":"' + item.id + '","detections":[{"class":"a","score":NaN,"box":[0,0,1,1]}]}\\n');`,
        '',
      ],
      [
        'answer',
        /detections/,
        `say('{"type":"answer","id":"' + item.id + '","detections":[{"class":"a","score":1e999,"box":[0,0,1,1]}]}\\n');`,
        '',
      ],
      [
        'answer',
        /detections/,
        `say({ type: 'answer', id: item.id, detections: Array(1001).fill({ class: 'a', score: 1, box: [0, 0, 1, 1] }) });`,
        '',
      ],
      [
        'memory',
        /500 MiB/,
        `globalThis.held = []; for (let i = 0; i < 12; i++) held.push(Buffer.alloc(64 << 20, 1)); await new Promise((r) => setTimeout(r, 60_000));`,
        '',
      ],
      ['died', /ended by itself|died of/, honest, 'process.exit(0);'],
    ];
    for (const [kind, message, answer, begin] of hostile) {
      const claims = await submitProcess(lab, answer, { begin });
      assert.equal(claims.fault?.kind, kind, JSON.stringify(claims.fault));
      assert.match(claims.fault.message, message);
      assert.deepEqual([claims.verdict, claims.measures, claims.goals], ['failed', [], []]);
    }
    assert.deepEqual(orphans(mark), []);
    assert.deepEqual(labRemains(), []);
    for (const { problems } of await checkLab(lab.lab, lab.key.publicKey)) assert.deepEqual(problems, []);
  });
});
