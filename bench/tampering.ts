import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { Random } from '../src/core/random.ts';
import { generateSigningKeyPem, parseSigningKey, publicKeyPem } from '../src/core/signing-key.ts';
import { clopperPearsonUpper } from '../src/stats/index.ts';
import { chainFileName } from '../src/uses/redaction/record/seal.ts';
import { isIntact, verifyFolder } from '../src/uses/redaction/record/verify.ts';
import { ffmpeg, pedestrians } from '../test/media-clips.ts';
import { filesOfClip, sealedFolder } from '../test/sealed-folder.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

/** How many changed files verification takes for what was signed. */
export const bench: Bench = { title: 'Tampering: files with one byte changed', run: measure };

/** Makes one change to a file, and says how to undo it. */
type Tamper = (path: string, random: Random) => () => void;

const tampers: Readonly<Record<string, Tamper>> = {
  'another byte': (path, random) => {
    const bytes = readFileSync(path);
    const at = random.integer(bytes.length);
    const old = bytes[at]!;
    put(path, at, (old + 1 + random.integer(255)) % 256);
    return () => put(path, at, old);
  },
  'a byte added at the end': (path, random) => {
    const { length } = readFileSync(path);
    put(path, length, random.integer(256));
    return () => truncateSync(path, length);
  },
  'a byte removed': (path, random) => {
    const bytes = readFileSync(path);
    const at = random.integer(bytes.length);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]));
    return () => writeFileSync(path, bytes);
  },
};

async function measure({ short, folder, print }: BenchContext): Promise<void> {
  const clip = join(folder, 'clip.mp4');
  ffmpeg(...pedestrians, '-t', '1', '-vf', 'scale=320:240', '-c:v', 'libx264', clip);
  const output = readFileSync(clip);
  const release = join(folder, 'release');
  const key = parseSigningKey(generateSigningKeyPem(), 'bench');
  const names = ['a', 'b', 'c'];
  await sealedFolder(release, names, key, () => output);
  const files = { ...filesOfClip('b'), chain: chainFileName };
  const count = short ? 5 : 1000;
  const rows: (string | number)[][] = [];
  for (const [kind, tamper] of Object.entries(tampers)) {
    for (const [role, file] of Object.entries(files)) {
      const random = new Random(`tampering/${kind}/${role}`);
      const accepted = await tryChanges(release, file, tamper, count, random, key.publicKey);
      const bound = (clopperPearsonUpper(accepted, count) * 100).toFixed(2);
      rows.push([role, kind, accepted, count, `${bound} %`, '0', verdict(accepted === 0)]);
    }
  }
  print(
    `Source: an MP4 of ${output.length} bytes as output, in a folder of ${names.length} sealed records; verified with the key. Each change is undone before the next.`,
  );
  print('');
  printTable(
    print,
    ['file', 'change', 'accepted', 'changes', 'upper 95 % bound (Clopper-Pearson)', 'limit', 'kept'],
    rows,
  );
  const clerk = join(folder, 'clerk.pem');
  writeFileSync(clerk, publicKeyPem(key.publicKey));
  printTable(print, ['the same through the command', 'exit code'], commandRows(release, files, clerk));
}

/** @returns how many changes were not noticed. @throws Error when the folder is not intact afterwards. */
async function tryChanges(
  folder: string,
  file: string,
  tamper: Tamper,
  count: number,
  random: Random,
  key: KeyObject,
): Promise<number> {
  const intact = async (): Promise<boolean> => isIntact(await verifyFolder(folder, [key]));
  let accepted = 0;
  for (let change = 0; change < count; change++) {
    const undo = tamper(join(folder, file), random);
    if (await intact()) accepted += 1;
    undo();
  }
  if (await intact()) return accepted;
  throw new Error(`the changes of ${file} were not undone, or it was refused unchanged`);
}

function commandRows(folder: string, files: Readonly<Record<string, string>>, key: string): string[][] {
  const code = (): string => {
    const words = ['bin/tidewaiter.js', 'verify', folder, '--key', key];
    return String(spawnSync(process.execPath, words, { stdio: 'ignore' }).status);
  };
  const rows = [['nothing changed', code()]];
  for (const [role, file] of Object.entries(files)) {
    const undo = tampers['another byte']!(join(folder, file), new Random(`command/${role}`));
    rows.push([`${role}: another byte`, code()]);
    undo();
  }
  return rows;
}

function put(path: string, at: number, value: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.of(value), 0, 1, at);
  closeSync(file);
}
