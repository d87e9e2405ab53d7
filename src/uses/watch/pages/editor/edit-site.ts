import { Document, isMap, isSeq, parseDocument } from 'yaml';
import type { CameraText, Point, RuleText } from '../site-text.ts';

export type ShapeKind = 'zones' | 'lines' | 'privacy';

/** A zone, privacy zone or line by its name. */
export interface Shape {
  readonly kind: ShapeKind;
  readonly name: string;
  readonly points: readonly Point[];
}

/** All shapes of a camera, in the order of the file. */
export function shapesOf({ zones, privacy, lines }: CameraText): readonly Shape[] {
  return [
    ...zones.map(({ id, polygon }) => ({ kind: 'zones' as const, name: id, points: polygon })),
    ...privacy.map(({ name, polygon }) => ({ kind: 'privacy' as const, name, points: polygon })),
    ...lines.map(({ id, from, to }) => ({ kind: 'lines' as const, name: id, points: [from, to] })),
  ];
}

/** The site file of a site that has none yet, with its first camera. */
export function firstFile(
  { name, timeZone }: { readonly name: string; readonly timeZone: string },
  id: string,
): string {
  return new Document({ site: name, timeZone, cameras: [{ id }] }).toString({ lineWidth: 0 });
}

/** Puts a further camera into the file, without zones and rules. */
export function addPlace(source: string, id: string): string {
  const document = parseDocument(source);
  document.addIn(['cameras'], document.createNode({ id }));
  return write(document);
}

/** Puts a shape into the file, in place of the one of its name. Comments and order of the file stay. */
export function putShape(source: string, camera: string, { kind, name, points }: Shape): string {
  const [from, to] = points.map(rounded);
  const key = kind === 'privacy' ? 'name' : 'id';
  const value = kind === 'lines' ? { id: name, from, to } : { [key]: name, polygon: points.map(rounded) };
  return putInto(source, camera, kind, key, name, value);
}

export function putRule(source: string, camera: string, before: string, rule: RuleText): string {
  return putInto(source, camera, 'rules', 'id', before, rule);
}

/** Takes a shape or rule out of the file. */
export function remove(source: string, camera: string, list: ShapeKind | 'rules', name: string): string {
  const document = parseDocument(source);
  const path = ['cameras', placeOf(document, camera), list];
  const at = find(document, path, list === 'privacy' ? 'name' : 'id', name);
  if (at === -1) return source;
  document.deleteIn([...path, at]);
  return write(document);
}

function putInto(
  source: string,
  camera: string,
  list: string,
  key: string,
  name: string,
  value: object,
): string {
  const document = parseDocument(source);
  const path = ['cameras', placeOf(document, camera), list];
  const node = document.createNode(value, { flow: true });
  const at = find(document, path, key, name);
  if (at !== -1) document.setIn([...path, at], node);
  else if (isSeq(document.getIn(path))) document.addIn(path, node);
  else document.setIn(path, document.createNode([node]));
  return write(document);
}

function placeOf(document: Document, camera: string): number {
  return find(document, ['cameras'], 'id', camera);
}

function find(document: Document, path: readonly (string | number)[], key: string, name: string): number {
  const list = document.getIn(path);
  return isSeq(list) ? list.items.findIndex((item) => isMap(item) && item.get(key) === name) : -1;
}

function write(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Thousandths of the picture: finer than a pixel of what is looked at. */
function rounded([x, y]: Point): Point {
  const one = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
  return [one(x), one(y)];
}
