import { createReadStream } from 'node:fs';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';
import { keyFingerprint, publicKeyPem, signBytes, type SigningKey } from '../../../core/signing-key.ts';
import { version } from '../../../core/version.ts';
import { evidenceError } from './errors.ts';
import { names, type AboutPackage, type EvidenceFile, type EvidenceParts } from './parts.ts';
import { readmeText } from './readme.ts';
import { ZipWriter } from './zip-write.ts';

export interface EvidenceOptions {
  /** The archive to write; it must not exist. */
  readonly file: string;
  readonly key: SigningKey;
  readonly madeAt: Date;
}

/**
 * Writes all that is known about an alert as one signed archive that can be checked without this installation. The same parts
 * give the same bytes.
 * @throws TidewaiterError `E_EVIDENCE` when a part cannot be read, or the clip is not what was recorded; `E_NO_SPACE`. Nothing
 *   is left then.
 */
export async function writeEvidence(parts: EvidenceParts, options: EvidenceOptions): Promise<void> {
  const zip = await explained(options.file, async () => ZipWriter.create(options.file));
  try {
    await explained(options.file, async () => writeParts(zip, parts, options));
  } catch (error) {
    await zip.abandon();
    throw error;
  }
}

async function writeParts(
  zip: ZipWriter,
  parts: EvidenceParts,
  { key, madeAt }: EvidenceOptions,
): Promise<void> {
  const sums: string[] = [];
  const add = async (name: string, file: EvidenceFile | string): Promise<string> => {
    const content =
      typeof file === 'string'
        ? [Buffer.from(file)]
        : 'path' in file
          ? createReadStream(file.path, { highWaterMark: 1 << 20 })
          : [file.bytes];
    const { sha256 } = await zip.add(name, content);
    sums.push(`${sha256}  ${name}\n`);
    return sha256;
  };
  const about = aboutOf(parts, madeAt);
  await add(names.readme, readmeText(about, keyFingerprint(key.publicKey)));
  await add(names.about, json(about));
  await add('alert.json', json(parts.alert));
  if (parts.incident !== undefined) await add('incident.json', json(parts.incident));
  await add('rule.json', json(parts.rule));
  await add('calendar.json', json(parts.calendar));
  await add('tracks.json', json(parts.tracks));
  await add('decisions.json', json(parts.decisions));
  await add(names.ledger, json(parts.ledger));
  const { clip } = parts;
  if ('path' in clip && (await add(names.clip, clip)) !== clip.sha256)
    throw evidenceError(
      `The clip ${clip.path} is not what was recorded: its SHA-256 was ${clip.sha256}`,
      'Find out who changed it; a package says only what can be vouched for.',
    );
  for (const [name, file] of Object.entries(parts.snapshots)) {
    if (!/^\w[\w.-]*$/.test(name))
      throw evidenceError(`A snapshot cannot be called ${name}`, 'Use letters, digits, dots and hyphens.');
    await add(`snapshots/${name}`, file);
  }
  await add(names.key, publicKeyPem(key.publicKey));
  const list = Buffer.from(sums.join(''));
  await zip.add(names.sums, [list]);
  await zip.add(names.signature, [signBytes(list, key.privateKey)]);
  await zip.finish();
}

function aboutOf({ alert, incident, clip, models, subjects }: EvidenceParts, madeAt: Date): AboutPackage {
  const own = incident === undefined ? [alert.id] : [alert.id, incident.id];
  return {
    format: 'tidewaiter-evidence/1',
    alert: alert.id,
    incident: incident?.id ?? null,
    camera: alert.camera,
    at: new Date(alert.at).toISOString(),
    madeAt: madeAt.toISOString(),
    software: version,
    clip: 'path' in clip ? { sha256: clip.sha256, about: { ...clip.about } } : clip,
    models: [...models],
    subjects: [...(subjects ?? own)],
  };
}

function json(value: object): string {
  return `${canonicalJson(value)}\n`;
}

async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (error instanceof TidewaiterError || code === undefined || code === 'ENOSPC' || code === 'EDQUOT')
      throw error;
    throw evidenceError(
      `The evidence package ${file} cannot be written: ${error instanceof Error ? error.message : code}`,
      'Name a new file in a folder that may be written to, and files that are there.',
      error,
    );
  }
}
