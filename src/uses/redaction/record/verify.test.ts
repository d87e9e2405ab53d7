import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { generateSigningKeyPem, parseSigningKey, type SigningKey } from '../../../core/signing-key.ts';
import { filesOfClip, madeAt, publish, sealedFolder } from '../../../../test/sealed-folder.ts';
import { chainFileName, sealRecord } from './seal.ts';
import { isIntact, verifyFolder, verifyTargets, type VerifiedFolder } from './verify.ts';

let top = '';
let sealed = '';
let key: SigningKey;
let count = 0;

before(async () => {
  top = mkdtempSync(join(tmpdir(), 'tidewaiter-verify-'));
  sealed = join(top, 'sealed');
  key = newKey();
  await sealedFolder(sealed, ['a', 'b', 'c'], key);
});
after(() => rmSync(top, { recursive: true, force: true }));

function newKey(): SigningKey {
  return parseSigningKey(generateSigningKeyPem(), 'test');
}

/** Verifies a copy of the sealed folder after something was done to it. */
async function afterChange(
  change: (folder: string) => void | Promise<void>,
  names?: string[],
): Promise<VerifiedFolder> {
  const folder = join(top, `copy-${(count += 1)}`);
  cpSync(sealed, folder, { recursive: true });
  await change(folder);
  return verifyFolder(folder, [key.publicKey], names);
}

const edit = (path: string, change: (bytes: Buffer) => Uint8Array): void =>
  writeFileSync(path, change(readFileSync(path)));
const flip = (bytes: Buffer): Buffer => {
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
};
const states = ({ items }: VerifiedFolder): string[] => items.map(({ file, state }) => `${file} ${state}`);
const chainLines = (folder: string): string[] =>
  readFileSync(join(folder, chainFileName), 'utf8').split('\n').slice(0, -1);
const setLines = (folder: string, lines: readonly string[]): void =>
  writeFileSync(join(folder, chainFileName), lines.map((line) => `${line}\n`).join(''));

const allIntact = ['a.redacted.mp4 intact', 'b.redacted.mp4 intact', 'c.redacted.mp4 intact'];

describe('verifying', () => {
  test('finds a sealed folder intact', async () => {
    const verified = await afterChange(() => undefined);
    assert.deepEqual(states(verified), allIntact);
    assert.equal(isIntact(verified), true);
    assert.equal(verified.chain.lines, 3);
    assert.equal(verified.items[0]?.sealed?.time, madeAt);
    assert.equal(isIntact(await verifyFolder(sealed)), true);
  });

  for (const [role, name] of Object.entries(filesOfClip('b'))) {
    test(`names a ${role} that was changed, extended, cut, emptied, renamed or removed`, async () => {
      const changes: readonly ((path: string) => void)[] = [
        (path) => edit(path, flip),
        (path) => edit(path, (bytes) => Buffer.concat([bytes, Buffer.from('\n')])),
        (path) => edit(path, (bytes) => bytes.subarray(0, -1)),
        (path) => edit(path, () => Buffer.alloc(0)),
        (path) => renameSync(path, `${path}.old`),
        (path) => rmSync(path),
      ];
      for (const change of changes) {
        const verified = await afterChange((folder) => change(join(folder, name)));
        assert.deepEqual(states(verified), [allIntact[0], 'b.redacted.mp4 altered', allIntact[2]]);
        assert.match(
          verified.items[1]?.problems.join() ?? '',
          new RegExp(`${name} \\(${role}\\) is (not the file|missing)`),
        );
        assert.equal(verified.chain.sound, true);
      }
    });
  }

  test('sees outputs that changed places', async () => {
    const verified = await afterChange((folder) => {
      const [a, c] = [join(folder, 'a.redacted.mp4'), join(folder, 'c.redacted.mp4')];
      renameSync(a, `${a}.x`);
      renameSync(c, a);
      renameSync(`${a}.x`, c);
    });
    assert.deepEqual(states(verified), ['a.redacted.mp4 altered', allIntact[1], 'c.redacted.mp4 altered']);
  });

  test('sees lines of the chain that were changed, removed or moved', async () => {
    const cases: readonly ((lines: string[]) => string[])[] = [
      ([a, , c]) => [a!, c!],
      ([, b, c]) => [b!, c!],
      ([a, b, c]) => [b!, a!, c!],
      ([a, b, c]) => [a!, b!.replace(madeAt, '2026-03-04T05:06:08.000Z'), c!],
      ([a, b, c]) => [a!, b!, c!.replace('c.redacted', 'd.redacted')],
    ];
    for (const change of cases) {
      const verified = await afterChange((folder) => setLines(folder, change(chainLines(folder))));
      assert.equal(verified.chain.sound, false);
      assert.ok(verified.chain.problems.length > 0);
    }
  });

  test('sees that the end of the chain is gone, or all of it', async () => {
    const cut = await afterChange((folder) => setLines(folder, chainLines(folder).slice(0, 2)));
    assert.equal(cut.chain.sound, true);
    assert.deepEqual(states(cut).slice(0, 2), allIntact.slice(0, 2));
    assert.ok(states(cut).includes('c.record.json unsealed'));
    for (const remove of [
      (folder: string) => rmSync(join(folder, chainFileName)),
      (folder: string) => setLines(folder, []),
    ]) {
      const gone = await afterChange(remove);
      assert.equal(gone.chain.sound, false);
      assert.ok(gone.items.length >= 3 && gone.items.every(({ state }) => state === 'unsealed'));
    }
  });

  test('calls what was published and not sealed by its name, until it is sealed', async () => {
    let record = '';
    let where = '';
    const crashed = await afterChange(async (folder) => {
      where = folder;
      record = await publish(folder, 'd', Buffer.from('d'));
    });
    assert.deepEqual(states(crashed), [...allIntact, 'd.record.json unsealed', 'd.redacted.mp4 unsealed']);
    await sealRecord({ record, key, now: new Date(madeAt) });
    assert.equal(isIntact(await verifyFolder(where, [key.publicKey])), true);
  });

  test('lets a new line supersede an older one, and takes the old output for what it is', async () => {
    let where = '';
    const verified = await afterChange(async (folder) => {
      where = folder;
      renameSync(join(folder, 'a.redacted.mp4'), join(folder, 'kept.mp4'));
      const record = await publish(folder, 'a', Buffer.from('made again'));
      await sealRecord({ record, key, now: new Date(madeAt) });
    });
    assert.equal(isIntact(verified), true);
    assert.equal(verified.items.find(({ file }) => file === 'a.redacted.mp4')?.sealed?.line, 4);
    const old = await verifyFolder(where, [key.publicKey], ['kept.mp4']);
    assert.deepEqual(states(old), ['kept.mp4 unsealed']);
    assert.match(old.items[0]?.problems[0] ?? '', /holds what was sealed as a\.redacted\.mp4/);
  });

  test('does not take another key, nor a record that names other files than its line', async () => {
    const other = await verifyFolder(sealed, [newKey().publicKey]);
    assert.equal(other.chain.sound, false);
    assert.match(other.chain.problems[0] ?? '', /another key/);
    // A line that its key did sign, over a record that says something else.
    const lie = await afterChange(async (folder) => {
      const record = join(folder, 'c.record.json');
      const text = readFileSync(record, 'utf8');
      writeFileSync(record, text.replace('c.redacted.mp4', 'b.redacted.mp4'));
      await sealRecord({ record, key, now: new Date(madeAt) });
      writeFileSync(record, text);
    });
    assert.equal(isIntact(lie), false);
  });

  test('looks only at what was asked for, but at the whole chain', async () => {
    const verified = await afterChange(
      (folder) => edit(join(folder, 'a.redacted.mp4'), flip),
      ['b.record.json'],
    );
    assert.deepEqual(states(verified), ['b.redacted.mp4 intact']);
    const broken = await afterChange(
      (folder) => setLines(folder, chainLines(folder).slice(1)),
      ['b.record.json'],
    );
    assert.equal(isIntact(broken), false);
  });

  test('goes through folders below, and says when there is nothing', async () => {
    const below = join(top, 'tree', 'x', 'y');
    await sealedFolder(below, ['a'], key);
    assert.deepEqual([...(await verifyTargets([join(top, 'tree')])).keys()], [below]);
    const files = await verifyTargets([join(below, 'a.plan.json'), join(below, 'a.record.json')]);
    assert.deepEqual([...files], [[below, ['a.plan.json', 'a.record.json']]]);
    await assert.rejects(verifyTargets([join(top, 'nothing')]), { code: 'E_NOT_FOUND' });
    const empty = mkdtempSync(join(top, 'empty-'));
    await assert.rejects(verifyTargets([empty]), { code: 'E_VERIFY_NOTHING' });
    await assert.rejects(verifyTargets(['/dev/null']), {
      code: 'E_VERIFY_NOTHING',
      message: /neither a file/,
    });
  });

  test('waits for no pipe, and follows no link that leads nowhere', async () => {
    const verified = await afterChange((folder) => {
      rmSync(join(folder, 'b.redacted.mp4'));
      execFileSync('mkfifo', [join(folder, 'b.redacted.mp4'), join(folder, 'd.redacted.mp4')]);
      symlinkSync('nowhere', join(folder, 'e.redacted.mp4'));
    });
    const strays = ['d.redacted.mp4 unsealed', 'e.redacted.mp4 unsealed'];
    assert.deepEqual(states(verified), [allIntact[0], 'b.redacted.mp4 altered', allIntact[2], ...strays]);
  });
});
