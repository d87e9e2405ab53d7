import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';
import { check } from '../../../core/misfit.ts';
import { lineOf, yamlFault } from '../../../core/yaml-file.ts';
import type { Calendar, Period, TimeOfDay } from '../calendar/calendar.ts';
import { unknownKeyText } from './meant-key.ts';
import { siteSchema, type CameraFile, type SiteFile } from './schema.ts';

/** A site as its file describes it. */
export interface Site {
  readonly name: string;
  readonly calendar: Calendar;
  readonly cameras: readonly CameraFile[];
}

type Path = readonly (string | number)[];

const remedy = 'Correct that line; docs/site-file.md describes every key.';

/** @throws TidewaiterError `E_SITE_FILE` that names the line and the key. */
export async function readSite(path: string): Promise<Site> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_SITE_FILE',
      `The site file ${path} cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Give the path of a site file; docs/site-file.md describes it.',
    );
  });
  return parseSite(text, basename(path));
}

/** @param name of the file, for messages. @throws TidewaiterError `E_SITE_FILE`. */
export function parseSite(text: string, name: string): Site {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (line: number, what: string): never => {
    throw new TidewaiterError('E_SITE_FILE', `${name}, line ${line}: ${what}`, remedy);
  };
  const broken = document.errors[0];
  if (broken !== undefined) refuse(lines.linePos(broken.pos[0]).line, yamlFault(broken));
  const refuseAt = (path: Path, what: string): never =>
    refuse(lineOf(document, lines, path) ?? 1, `${keyText(path)}: ${what}`);
  const parsed = check(siteSchema, contentOf(document, refuse) ?? refuse(1, 'it is empty'));
  if (!parsed.success) {
    const { path, what } = faultOf(document, parsed.error.issues);
    return refuseAt(path, what);
  }
  const found = findFault(parsed.data);
  if (found !== undefined) refuseAt(found.path, found.what);
  const { site, timeZone, location, calendar, cameras } = parsed.data;
  const week = Object.values(calendar.open).map((day) => day.map(parsePeriod));
  return {
    name: site,
    cameras,
    calendar: {
      timeZone,
      ...(location === undefined ? {} : { location }),
      week,
      holidays: calendar.holidays,
      exceptions: calendar.exceptions.map((entry) => ({ ...entry, open: entry.open.map(parsePeriod) })),
      graceBefore: calendar.grace.beforeOpening,
      graceAfter: calendar.grace.afterClosing,
      overrides: calendar.overrides.map(({ state, from, to, reason }) => ({
        state,
        from: Date.parse(from),
        ...(to === undefined ? {} : { to: Date.parse(to) }),
        reason,
      })),
    },
  };
}

/** The first thing that is wrong; a key that is not known before one that is missing, as it is often that one. */
function faultOf(document: Document, issues: readonly z.core.$ZodIssue[]): { path: Path; what: string } {
  const first = issues[0]!;
  const place = ({ path }: z.core.$ZodIssue): Path => path.filter((part) => typeof part !== 'symbol');
  const within = place(first).slice(0, -1);
  const unknown = issues.find(
    (issue) =>
      issue.code === 'unrecognized_keys' && (issue === first || keyText(place(issue)) === keyText(within)),
  );
  if (unknown?.code !== 'unrecognized_keys') return { path: place(first), what: first.message };
  const path = place(unknown);
  const key = unknown.keys[0]!;
  const missing = issues
    .map(place)
    .filter((other) => other.length === path.length + 1 && keyText(other.slice(0, -1)) === keyText(path))
    .filter((other) => !document.hasIn(other))
    .map((other) => String(other.at(-1)));
  return { path: [...path, key], what: unknownKeyText(path, key, missing) };
}

function contentOf(document: Document, refuse: (line: number, what: string) => never): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that blow up, or that lead nowhere.
    return refuse(1, lowered(error instanceof Error ? error.message : String(error)));
  }
}

/** What a schema cannot say: names that lead nowhere or stand twice, and times that need a place. */
function findFault({ cameras, location, calendar }: SiteFile): { path: Path; what: string } | undefined {
  const days = Object.entries(calendar.open);
  const sunny = days.find(([, hours]) => hours.some((period) => period.includes('sun')));
  if (location === undefined && sunny !== undefined) {
    return {
      path: ['calendar', 'open', sunny[0]],
      what: 'sunrise and sunset need the location of the site',
    };
  }
  const exception = calendar.exceptions.findIndex(({ open }) => open.some((text) => text.includes('sun')));
  if (location === undefined && exception >= 0) {
    return {
      path: ['calendar', 'exceptions', exception, 'open'],
      what: 'sunrise and sunset need the location of the site',
    };
  }
  for (const [at, { from, to }] of calendar.overrides.entries()) {
    if (to !== undefined && Date.parse(to) <= Date.parse(from))
      return { path: ['calendar', 'overrides', at, 'to'], what: 'it must be later than from' };
  }
  const twice = repeated(cameras);
  if (twice >= 0) return { path: ['cameras', twice, 'id'], what: `${cameras[twice]!.id} is there twice` };
  for (const [at, camera] of cameras.entries()) {
    const fault = findCameraFault(camera);
    if (fault !== undefined) return { path: ['cameras', at, ...fault.path], what: fault.what };
  }
  return undefined;
}

function findCameraFault(camera: CameraFile): { path: Path; what: string } | undefined {
  for (const list of ['zones', 'lines', 'rules'] as const) {
    const at = repeated(camera[list]);
    if (at >= 0) return { path: [list, at, 'id'], what: `${camera[list][at]!.id} is there twice` };
  }
  const [zones, lines] = [camera.zones, camera.lines].map((list) => new Set(list.map(({ id }) => id)));
  for (const [at, rule] of camera.rules.entries()) {
    if ('zone' in rule && !zones!.has(rule.zone))
      return { path: ['rules', at, 'zone'], what: `camera ${camera.id} has no zone ${rule.zone}` };
    if ('line' in rule && !lines!.has(rule.line))
      return { path: ['rules', at, 'line'], what: `camera ${camera.id} has no line ${rule.line}` };
    if ('minHeight' in rule && rule.minHeight > rule.maxHeight)
      return { path: ['rules', at, 'minHeight'], what: 'it is more than maxHeight' };
  }
  return undefined;
}

/** Place of the first entry whose id an earlier one has, or -1. */
function repeated(list: readonly { readonly id: string }[]): number {
  const seen = new Set<string>();
  return list.findIndex(({ id }) => seen.size === seen.add(id).size);
}

function parsePeriod(text: string): Period {
  const [from, to] = [...text.matchAll(/(\d\d):(\d\d)|(sunrise|sunset)([+-]\d+)?/g)].map(
    ([, hour, minute, sun, offset]): TimeOfDay =>
      sun === undefined
        ? { kind: 'clock', minutes: 60 * Number(hour) + Number(minute) }
        : { kind: sun as 'sunrise' | 'sunset', offset: Number(offset ?? 0) },
  );
  return { from: from!, to: to! };
}

/** `cameras[0].zones[1].polygon`. */
function keyText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text === '' ? 'the file' : text.replace(/^\./, '');
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
