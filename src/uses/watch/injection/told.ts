import type { IncidentState } from '../platform/tables.ts';

/** Whether an incident was a test and everybody may know: it ends with its answer, and is told by that. */
export function isToldTest(incident: { readonly test: boolean; readonly state: IncidentState }): boolean {
  return incident.test && incident.state === 'closed';
}
