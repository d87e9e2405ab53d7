import type { Estimate, Figure, GroupReport } from '../../../governance/faces/schema.ts';

/** A rate in up to four significant digits. */
export function rateText(rate: number | null): string {
  if (rate === null) return 'not estimable';
  return rate === 0 ? '0' : String(Number(rate.toPrecision(3)));
}

export function intervalText(interval: { readonly low: number; readonly high: number } | null): string {
  return interval === null ? 'not estimable' : `${rateText(interval.low)} to ${rateText(interval.high)}`;
}

export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** `38 of 20,000` */
export function ofText({ errors, n }: Estimate): string {
  return `${countText(errors)} of ${countText(n)}`;
}

export function figureText({ value, interval, n }: Figure): string {
  const between =
    value === null ? '' : interval === null ? 'interval not estimable; ' : `${intervalText(interval)}; `;
  return `${rateText(value)} (${between}n ${countText(n)})`;
}

/** A share with its interval and number in one cell. */
export function shareText(share: Estimate | null): string {
  if (share === null) return 'not measured';
  return `${rateText(share.rate)} (${intervalText(share.exact)}; ${ofText(share)})`;
}

export function verdictText({ ratio, interval, p, verdict, because }: GroupReport['verdict']['fmr']): string {
  if (verdict === 'not-estimable') return `Not estimable: ${because ?? ''}`;
  const times = `${rateText(ratio)} times the others (${intervalText(interval)}), p ${rateText(p)}`;
  return verdict === 'worse' ? `Worse: ${times}` : `No difference found: ${times}`;
}
