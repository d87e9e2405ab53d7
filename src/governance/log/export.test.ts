import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { Random } from '../../core/random.ts';
import { generateSigningKeyPem, parseSigningKey } from '../../core/signing-key.ts';
import { append, sequence } from '../../platform/ledger/ledger.ts';
import { platformSchema } from '../../platform/migrations/index.ts';
import type { Database } from '../../platform/store/database.ts';
import { logStep } from '../migrations/2026-11-22-1900-log.ts';
import { exportLedger, verifyExport } from './export.ts';
import { keepInTree, signHead } from './log.ts';

const server = await startTestServer();
const key = parseSigningKey(generateSigningKeyPem(), 'test');
const coded = (code: string, words: RegExp) => (error: Error & { code?: string }) =>
  error.code === code && words.test(error.message);

describe('an export of the ledger', () => {
  let db: Database;
  const notes: string[] = [];
  const lines: string[] = [];
  before(async () => {
    ({ db } = await server.database([...platformSchema, logStep]));
    const add = async (count: number, onPlaced?: typeof keepInTree): Promise<void> => {
      await db.transaction().execute(async (tx) => {
        for (let i = 0; i < count; i++)
          await append(tx, { kind: 'test.event', at: new Date(0), actor: 'system', subjects: { n: `${i}` } });
      });
      while ((await sequence(db, onPlaced)) > 0);
    };
    // These come from a version that had no tree.
    await add(300);
    for (const count of [5, 1, 20]) {
      await add(count, keepInTree);
      notes.push((await signHead(db, { origin: 'pier', key, now: new Date(0) }))!.note);
    }
    for await (const line of exportLedger(db)) lines.push(line.trimEnd());
  });

  const verify = (
    changed: readonly string[],
    witnessed?: readonly string[],
  ): ReturnType<typeof verifyExport> => verifyExport(changed, [key.publicKey], witnessed);

  test('is proved with the public key alone', async () => {
    const { entries, heads, last } = await verify(lines, notes);
    assert.deepEqual({ entries, heads, size: last.size }, { entries: 326, heads: 3, size: 326 });
  });

  test('names the entry that was changed, removed or moved', async () => {
    const at = (index: number): number => lines.findIndex((line) => line.startsWith(`{"index":${index},`));
    const other = lines.with(at(7), lines[at(7)]!.replace('system', 'nobody'));
    await assert.rejects(verify(other), coded('E_LEDGER_CHANGED', /entry 7 is not/));
    await assert.rejects(
      verify(lines.toSpliced(at(310), 1)),
      coded('E_LEDGER_CHANGED', /entry 310 is missing/),
    );
    await assert.rejects(
      verify(lines.slice(0, -5)),
      coded('E_LEDGER_CHANGED', /nobody signed what lies behind/),
    );
    const stranger = parseSigningKey(generateSigningKeyPem(), 'stranger');
    await assert.rejects(verifyExport(lines, [stranger.publicKey]), coded('E_LEDGER_CHANGED', /signed/));
  });

  test('that was cut or rewritten is found by what a witness kept', async () => {
    const cut = lines.slice(0, lines.findIndex((line) => line.includes('"head"')) + 1);
    assert.equal((await verify(cut)).entries, 305);
    await assert.rejects(verify(cut, notes), coded('E_LEDGER_CHANGED', /witness saw 306/));
    const bent = [notes[0]!, notes[1]!.replace(/.$/m, (last) => (last === 'A' ? 'B' : 'A'))];
    await assert.rejects(
      verify(lines, bent),
      coded('E_LEDGER_CHANGED', /Note 2 of the witness was not signed/),
    );
  });

  /** What must be said of a change in this line: the entry, what the head is behind, or the line when it is neither any more. */
  function named(line: number): RegExp {
    const before = lines.slice(0, line).filter((text) => text.startsWith('{"index"')).length;
    return lines[line]!.startsWith('{"head"')
      ? new RegExp(`the head behind entry ${before - 1} was not signed`)
      : new RegExp(`entry ${before} is `);
  }

  async function refusesByte(whole: string, at: number, byte: string): Promise<void> {
    const bad = `${whole.slice(0, at)}${byte}${whole.slice(at + 1)}`;
    const line = whole.slice(0, at).split('\n').length - 1;
    await assert.rejects(
      verify(bad.split('\n'), notes),
      (error: Error & { code?: string }) => {
        const told = `${at}, ${whole[at]} to ${byte}: ${error.message}`;
        if (error.code === 'E_LEDGER_FILE')
          assert.match(error.message, new RegExp(`\\(line ${line + 1}\\)`), told);
        else {
          assert.equal(error.code, 'E_LEDGER_CHANGED', told);
          assert.match(error.message, named(line), told);
        }
        return true;
      },
      `a change at ${at} was accepted`,
    );
  }

  test('names the entry, the head or the line in which any one byte was changed', async () => {
    const whole = lines.join('\n');
    const random = new Random('bytes');
    for (let round = 0; round < 300; round++) {
      const at = random.integer(whole.length);
      const byte = String.fromCharCode(33 + random.integer(90));
      if (whole[at] !== byte) await refusesByte(whole, at, byte);
    }
  });

  test('names a head of which any byte was changed, the last of its signature too', async () => {
    const whole = lines.join('\n');
    const start = whole.lastIndexOf('\n') + 1;
    for (let at = start; at < whole.length; at += 3)
      await refusesByte(whole, at, String.fromCharCode(whole.charCodeAt(at) ^ 1));
    // Here letters differ in bits that stand for nothing.
    const last = whole.lastIndexOf('=') - 1;
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
      if (letter !== whole[last]) await refusesByte(whole, last, letter);
  });

  test('of something else is no ledger', async () => {
    for (const file of [[], [''], ['{}'], ['{"ledger":1}'], ['{"ledger":1}', '[]']])
      await assert.rejects(verify(file), coded('E_LEDGER_FILE', /no whole export/));
  });
});
