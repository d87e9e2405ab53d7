import type { Charter, Waiver } from './charter.ts';
import { addDays, addMonths, type Day } from './days.ts';
import type { Finding } from './finding.ts';
import type { Policy } from './policy.ts';

/** Days within which a grant or a revocation is reported to OMB (2025 reporting guidance, section 2(a)). */
export const REPORT_DAYS = 30;
/** A waiver is granted for a year at most, as one in the database is: then somebody says again whether it is still needed. */
const WAIVER_MONTHS = 12;

/** Whether the waiver stands on a day. */
export function waiverHolds(waiver: Waiver, on: Day): boolean {
  return (
    waiver.granted <= on && on <= waiver.expires && (waiver.revoked === undefined || on < waiver.revoked)
  );
}

/** The clocks of a waiver, as they stand on a day. */
export function checkWaiver(waiver: Waiver, on: Day): Finding[] {
  const { provision, granted, reported, revoked, revocationReported, expires } = waiver;
  const field = `waivers.${provision}`;
  const findings = [...reportClock(field, 'grant', granted, reported, on)];
  if (revoked !== undefined)
    findings.push(...reportClock(field, 'revocation', revoked, revocationReported, on));
  if (expires < granted)
    findings.push({
      level: 'error',
      rule: 'waiver/expiry',
      field,
      message: `The waiver ends (${expires}) before it begins (${granted})`,
      remedy: 'Correct its days.',
    });
  else if (expires > addMonths(granted, WAIVER_MONTHS))
    findings.push({
      level: 'error',
      rule: 'waiver/expiry',
      field,
      message: `The waiver of ${granted} ends on ${expires}, which is more than a year later`,
      remedy: 'Give it an end within a year, and have it granted again then if it is still needed.',
    });
  else if (expires < on && revoked === undefined)
    findings.push({
      level: 'error',
      rule: 'waiver/expiry',
      field,
      message: `The waiver ended on ${expires}`,
      remedy: 'Show the evidence that the practice asks for, stop the use, or have a new waiver granted.',
    });
  return findings;
}

/** Waivers that waive nothing: of a provision that no policy has, or that nobody may waive. */
export function checkWaived({ waivers }: Charter, policies: readonly Policy[]): Finding[] {
  return waivers.flatMap(({ provision }) => {
    const named = policies
      .flatMap(({ id, provisions }) => provisions.map((each) => ({ ...each, id: `${id}/${each.id}` })))
      .find(({ id }) => id === provision);
    if (named?.waivable === true) return [];
    return [
      {
        level: 'warning',
        rule: 'waiver/provision',
        field: `waivers.${provision}`,
        message: `The waiver counts for nothing: ${named === undefined ? 'no policy has such a provision' : 'nobody may waive it'}`,
        remedy:
          'Write the provision as the check names it, or take the waiver out and show what it asks for.',
      },
    ];
  });
}

function reportClock(field: string, what: string, began: Day, reported: Day | undefined, on: Day): Finding[] {
  const due = addDays(began, REPORT_DAYS);
  if (reported === undefined && on <= due && on >= began)
    return [
      {
        level: 'notice',
        rule: 'waiver/report-clock',
        field,
        message: `The ${what} of ${began} is to be reported to OMB by ${due}`,
        remedy: 'Report it, and write the day into the charter.',
      },
    ];
  if (reported === undefined ? on > due : reported > due)
    return [
      {
        level: 'error',
        rule: 'waiver/report-clock',
        field,
        message: `The ${what} of ${began} was to be reported to OMB by ${due}${reported === undefined ? ' and was not' : `, and was on ${reported}`}`,
        remedy:
          reported === undefined
            ? 'Report it at once, and write the day into the charter.'
            : 'Explain the delay to OMB, and keep the answer with the waiver.',
      },
    ];
  return [];
}
