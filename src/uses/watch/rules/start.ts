import type { CameraFile, Rule } from '../site/schema.ts';
import type { RunningRule } from './firing.ts';
import { stillObject, tamper } from './picture-rules.ts';
import { dwell, lineCrossing, zoneEntry } from './track-rules.ts';

/** Sets a rule of a camera to work. The site file was checked: its zone or line is there. */
export function startRule(rule: Rule, camera: CameraFile): RunningRule {
  const zone = (name: string): CameraFile['zones'][number]['polygon'] =>
    camera.zones.find(({ id }) => id === name)!.polygon;
  switch (rule.kind) {
    case 'zone-entry':
      return zoneEntry(rule, zone(rule.zone));
    case 'dwell':
      return dwell(rule, zone(rule.zone));
    case 'line-crossing':
      return lineCrossing(
        rule,
        camera.lines.find(({ id }) => id === rule.line)!,
      );
    case 'object-left':
    case 'object-removed':
      return stillObject(rule, zone(rule.zone));
    case 'tamper':
      return tamper(rule);
  }
}
