import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { sha256File } from '../../core/digest.ts';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { ScanFindings, type ScanFinding } from './finding.ts';
import { formatOf, formatRisk, type ModelFormat } from './formats.ts';
import { scanOnnx, type OnnxFacts } from './onnx.ts';
import { WireError, WireFile } from './wire.ts';

/** What was found in one file. */
export interface FileScan {
  /** Below the folder that was scanned, with `/`. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly format: ModelFormat;
  readonly findings: readonly ScanFinding[];
  /** Of an ONNX file that could be walked to its end. */
  readonly onnx?: OnnxFacts;
}

export interface ScanOptions {
  /** Domains of operators that somebody has reviewed, such as `org.example`. */
  readonly allowedDomains?: readonly string[];
}

/** A protocol buffer is at most this long. */
const LARGEST = 2 ** 31 - 1;
const EDGE = 4096;
const MOST_FILES = 10_000;

/**
 * Looks into a model file, or into every file of a folder, without running or building anything of it. Memory does not grow
 * with the files.
 * @throws TidewaiterError `E_NOT_FOUND`, `E_MODEL_SCAN` for a folder of more than 10,000 files.
 */
export async function scanModel(path: string, options: ScanOptions = {}): Promise<FileScan[]> {
  const scans: FileScan[] = [];
  for (const { file, name, kind } of await modelFiles(path))
    scans.push(kind === 'file' ? await scanFile(file, name, options) : refusedLink(name));
  return scans;
}

/** Whether all of it may come in. */
export function mayEnter(scans: readonly FileScan[]): boolean {
  return scans.every(({ findings }) => findings.every(({ level }) => level !== 'error'));
}

/** Something that lies at a path or below it. */
export interface ModelFile {
  readonly file: string;
  /** Below the path, with `/`; the name of the file itself when the path is one. */
  readonly name: string;
  /** `other`: a link, a pipe, a device. */
  readonly kind: 'file' | 'other';
}

/** Every file at or below a path, by name in the order of code points; links are not followed. */
export async function modelFiles(path: string): Promise<ModelFile[]> {
  const found = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR')
      throw new TidewaiterError('E_NOT_FOUND', `There is no ${path}`, 'Check its name.');
    throw error;
  });
  if (!found.isDirectory())
    return [{ file: path, name: basename(path), kind: found.isFile() ? 'file' : 'other' }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  if (entries.length > MOST_FILES)
    throw new TidewaiterError(
      'E_MODEL_SCAN',
      `${path} holds more than ${MOST_FILES} files`,
      'Give the folder of one model.',
    );
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry): ModelFile => {
      const file = join(entry.parentPath, entry.name);
      const name = relative(path, file).split(sep).join('/');
      return { file, name, kind: entry.isFile() ? 'file' : 'other' };
    })
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

async function scanFile(path: string, name: string, { allowedDomains = [] }: ScanOptions): Promise<FileScan> {
  const findings = new ScanFindings();
  const file = new WireFile(path);
  try {
    const { size } = file;
    const said = formatOf(name, file.bytes(0, EDGE), file.bytes(Math.max(0, size - EDGE), size), size);
    const facts = { name, bytes: size, sha256: await sha256File(path) };
    // What calls itself ONNX is judged as such, so that the reason why it is none is told.
    const onnx = said === undefined || (said === 'text' && name.endsWith('.onnx'));
    if (!onnx) return { ...facts, format: said, findings: riskOf(name, said) };
    if (size > LARGEST) {
      findings.add('error', 'size', `it is ${size} bytes long; ${LARGEST} is the most`);
      return { ...facts, format: 'unknown', findings: findings.list() };
    }
    try {
      return {
        ...facts,
        format: 'onnx',
        onnx: scanOnnx(file, findings, allowedDomains),
        findings: findings.list(),
      };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      findings.add('error', 'format', `it is no ONNX file as it should be: ${error.message}`);
      return { ...facts, format: 'unknown', findings: findings.list() };
    }
  } finally {
    file.close();
  }
}

function riskOf(name: string, format: Exclude<ModelFormat, 'onnx'>): ScanFinding[] {
  // Cards, alphabets and notes beside a model.
  if (format === 'text') return [];
  const { level, message } = formatRisk[format];
  return [{ level, rule: 'format', message: `${name} is ${message}` }];
}

function refusedLink(name: string): FileScan {
  const message = `${name} is a link, a pipe or a device, not a file`;
  return {
    ...{ name, bytes: 0, sha256: '', format: 'unknown' },
    findings: [{ level: 'error', rule: 'link', message }],
  };
}
