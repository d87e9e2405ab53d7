import { parseDocument } from 'yaml';

export type Point = readonly [x: number, y: number];

/** A rule as the file has it: what each kind needs beside these is looked at where it is shown. */
export interface RuleText {
  readonly id: string;
  readonly kind: string;
  readonly [key: string]: unknown;
}

export interface CameraText {
  readonly id: string;
  readonly privacy: readonly { readonly name: string; readonly polygon: readonly Point[] }[];
  readonly zones: readonly { readonly id: string; readonly polygon: readonly Point[] }[];
  readonly lines: readonly { readonly id: string; readonly from: Point; readonly to: Point }[];
  readonly rules: readonly RuleText[];
}

export interface SiteText {
  readonly cameras: readonly CameraText[];
  readonly timeZone: string;
  readonly open: Readonly<Record<string, readonly string[]>>;
  readonly holidays: readonly { readonly date: string; readonly name: string }[];
  readonly exceptions: readonly {
    readonly date: string;
    readonly open: readonly string[];
    readonly reason: string;
  }[];
  /** Why it cannot be read, with line and column. */
  readonly broken?: string;
}

type Loose = Readonly<Record<string, unknown>>;
const map = (value: unknown): Loose => (typeof value === 'object' && value !== null ? (value as Loose) : {});
const list = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.map(map) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(text) : []);

/** A point; undefined while somebody is still writing it. */
function pointOf(value: unknown): Point | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [x, y] = value as readonly unknown[];
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : undefined;
}

function polygonOf(value: unknown): readonly Point[] {
  return Array.isArray(value) ? value.map(pointOf).filter((point) => point !== undefined) : [];
}

/** Reads as much of a site file as can be shown; whether it is right is the server's to say. */
export function readSiteText(source: string): SiteText {
  const document = parseDocument(source);
  const fault = document.errors[0];
  let file: Loose = {};
  try {
    file = map(document.toJS());
  } catch {
    // Aliases that lead nowhere; the server names them when it is saved.
  }
  const calendar = map(file['calendar']);
  return {
    ...(fault === undefined ? {} : { broken: fault.message }),
    timeZone: text(file['timeZone']),
    open: Object.fromEntries(
      Object.entries(map(calendar['open'])).map(([day, hours]) => [day, texts(hours)]),
    ),
    holidays: list(calendar['holidays']).map((one) => ({ date: text(one['date']), name: text(one['name']) })),
    exceptions: list(calendar['exceptions']).map((one) => ({
      ...{ date: text(one['date']), open: texts(one['open']), reason: text(one['reason']) },
    })),
    cameras: list(file['cameras']).map((camera) => ({
      id: text(camera['id']),
      privacy: list(camera['privacy']).map((one) => ({
        ...{ name: text(one['name']), polygon: polygonOf(one['polygon']) },
      })),
      zones: list(camera['zones']).map((one) => ({
        ...{ id: text(one['id']), polygon: polygonOf(one['polygon']) },
      })),
      lines: list(camera['lines']).map((one) => ({
        ...{ id: text(one['id']), from: pointOf(one['from']) ?? [0, 0], to: pointOf(one['to']) ?? [1, 1] },
      })),
      rules: list(camera['rules']).map((one) => ({ ...one, id: text(one['id']), kind: text(one['kind']) })),
    })),
  };
}
