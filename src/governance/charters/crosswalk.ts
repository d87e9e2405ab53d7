import type { Charter, Evidence } from './charter.ts';
import { checkCharter, checkTesters } from './check.ts';
import { addMonths, type Day } from './days.ts';
import { policiesOn, type Policy, type Provision } from './policy.ts';
import { waiverHolds } from './waivers.ts';
import type { EvidenceKind } from './words.ts';

/** How a provision stands for a use. */
export interface CrosswalkLine {
  readonly policy: string;
  readonly provision: string;
  readonly title: string;
  readonly status: 'met' | 'not-met' | 'waived' | 'not-applicable';
  /** When met, the strongest that shows it: evidence, what this software does or checks, or the words of the charter alone. */
  readonly rests?: 'evidence' | 'software' | 'charter';
  /** When not met, the day on which it must be: absent when that is past. */
  readonly due?: Day;
  /** What shows it, each in words: the parts of the charter, pieces of evidence, the waiver. When it does not apply, to what it does. */
  readonly by: readonly string[];
  /** What is still to be shown. */
  readonly missing: readonly string[];
}

/**
 * For each provision of the policies that are in force on a day: whether the use meets it, by what, and what is missing.
 */
export function crosswalk(charter: Charter, policies: readonly Policy[], on: Day): CrosswalkLine[] {
  const lawful = ![...checkCharter(charter, on), ...checkTesters(charter, policies, on)].some(
    ({ level, rule }) => level === 'error' && /^(red-line|protected|proxy)\//.test(rule),
  );
  return policiesOn(policies, on).flatMap(({ id, due, provisions }) =>
    provisions.map((provision) => {
      const line = judge(charter, id, provision, on, lawful);
      return line.status === 'not-met' && due !== undefined && on < due ? { ...line, due } : line;
    }),
  );
}

function judge(
  charter: Charter,
  policy: string,
  provision: Provision,
  on: Day,
  lawful: boolean,
): CrosswalkLine {
  const line = { policy, provision: provision.id, title: provision.title };
  if (!applies(provision, charter))
    return { ...line, status: 'not-applicable', by: [scopeOf(provision)], missing: [] };
  const { charter: parts = [], evidence: kinds = [], redLines, software } = provision.shownBy;
  const by = parts.map((part) => `charter, ${part.replaceAll('-', ' ')}`);
  const missing: string[] = [];
  if (redLines === true) {
    if (lawful) by.push('no red line crossed, no protected attribute among inputs and outputs');
    else missing.push('a charter that crosses no red line and takes in no protected attribute');
  }
  if (software !== undefined) by.push(software);
  for (const kind of kinds) {
    const found = currentEvidence(charter, kind, on, provision.maxAgeMonths);
    if (found === undefined) missing.push(kind);
    else by.push(`${kind}: ${found.what} (${found.where}, ${found.on})`);
  }
  if (missing.length === 0) {
    const checked = redLines === true || software !== undefined;
    const rests = kinds.length > 0 ? 'evidence' : checked ? 'software' : 'charter';
    return { ...line, status: 'met', rests, by, missing };
  }
  const waiver = provision.waivable
    ? charter.waivers.find(
        (candidate) => candidate.provision === `${policy}/${provision.id}` && waiverHolds(candidate, on),
      )
    : undefined;
  if (waiver === undefined) return { ...line, status: 'not-met', by, missing };
  const granted = `waiver by ${waiver.grantedBy} of ${waiver.granted}, until ${waiver.expires}`;
  return { ...line, status: 'waived', by: [...by, granted], missing };
}

function applies({ appliesTo = {} }: Provision, { impact, does, stage }: Charter): boolean {
  return (
    stage !== 'retired' &&
    (appliesTo.impact === undefined || appliesTo.impact === impact.class) &&
    (appliesTo.stages === undefined || appliesTo.stages.includes(stage)) &&
    (appliesTo.does === undefined || appliesTo.does.some((deed) => does.includes(deed)))
  );
}

function scopeOf({ appliesTo: { impact, does = [], stages = [] } = {} }: Provision): string {
  const deeds = does.map((deed) => deed.replaceAll('-', ' ')).join(' or ');
  const said = [impact ?? '', stages.join(' or '), deeds].filter((part) => part !== '');
  return `applies to: ${said.join(', ') || 'what is not retired'}`;
}

/** The newest piece of evidence of a kind that counts on a day. */
export function currentEvidence(
  charter: Charter,
  kind: EvidenceKind,
  on: Day,
  maxAgeMonths?: number,
): Evidence | undefined {
  return charter.evidence
    .filter(
      (evidence) =>
        evidence.kind === kind &&
        evidence.on <= on &&
        (evidence.expires === undefined || on <= evidence.expires) &&
        (maxAgeMonths === undefined || on <= addMonths(evidence.on, maxAgeMonths)),
    )
    .toSorted((a, b) => (a.on < b.on ? 1 : -1))[0];
}
