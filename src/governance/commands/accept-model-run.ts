import { stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../../core/command.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { parseSigningKey, parseVerifyKey } from '../../core/signing-key.ts';
import { readOptionFile } from '../../host/engine-options.ts';
import { signaturePath, signedNames, signModel, verifyModel } from '../../models/scan/model-signature.ts';
import { mayEnter, scanModel, type FileScan } from '../../models/scan/scan.ts';

const scanOptions = z.object({ allowDomain: z.array(z.string()).default([]) });
const signOptions = z.object({ key: z.string('the key to sign with'), output: z.string().optional() });
const verifyOptions = z.object({ key: z.string('the public key'), signature: z.string().optional() });

/** `tidewaiter governance model scan`. */
export async function scan(
  [path = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const { allowDomain } = parseOptions(scanOptions, given);
  const scans = await scanModel(path, { allowedDomains: allowDomain });
  for (const each of scans)
    if (io.json) await io.emit('file', { ...each, admitted: mayEnter([each]) });
    else await io.stdout.write(scanText(each));
  const admitted = mayEnter(scans);
  if (io.json) await io.emit('result', { admitted });
  return admitted ? exitCode.done : exitCode.attention;
}

function scanText(found: FileScan): string {
  const { name, format, sha256, findings, onnx } = found;
  const facts =
    onnx === undefined
      ? ''
      : `  ${onnx.nodes} nodes, ${onnx.parameters} parameters, ${Object.entries(onnx.operatorSets)
          .map(([domain, version]) => `${domain} ${version}`)
          .join(', ')}\n  in   ${onnx.inputs.join('; ')}\n  out  ${onnx.outputs.join('; ')}\n`;
  const lines = findings.map(({ level, rule, message }) => `  ${level}: ${message} (${rule})\n`);
  return `${name}: ${format}${mayEnter([found]) ? '' : ', REFUSED'}\n  ${sha256}\n${facts}${lines.join('')}`;
}

/** `tidewaiter governance model sign`. */
export async function signFiles(
  [path = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const options = parseOptions(signOptions, given);
  const key = parseSigningKey(await readOptionFile(options.key, '--key'), options.key);
  const output = options.output ?? (await besides(path));
  const bundle = await signModel(path, key, output);
  try {
    await writeFile(output, `${JSON.stringify(bundle)}\n`, { flag: 'wx' });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new TidewaiterError(
      'E_OUTPUT_EXISTS',
      `${output} is there already`,
      'Choose another name with -o.',
      { cause: error },
    );
  }
  const files = signedNames(bundle);
  if (io.json) await io.emit('result', { output, files });
  else await io.stdout.write(`Signed: ${output}\n${files.map((name) => `  ${name}\n`).join('')}`);
  return exitCode.done;
}

/** `tidewaiter governance model verify`. */
export async function verifyFiles(
  [path = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const options = parseOptions(verifyOptions, given);
  const key = parseVerifyKey(await readOptionFile(options.key, '--key'), options.key);
  const { root, problems } = await verifyModel(path, key, options.signature ?? (await besides(path)));
  if (io.json) await io.emit('result', { good: problems.length === 0, root, problems });
  else
    await io.stdout.write(
      problems.length === 0
        ? `${path} is what was signed\n  ${root}\n`
        : problems.map((problem) => `${problem}\n`).join(''),
    );
  return problems.length === 0 ? exitCode.done : exitCode.attention;
}

async function besides(path: string): Promise<string> {
  return signaturePath(path, (await stat(path).catch(() => undefined))?.isDirectory() === true);
}
