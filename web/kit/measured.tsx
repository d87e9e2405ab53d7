import type { ReactNode } from 'react';
import type { Measured } from '../../src/client/index.ts';
import { t } from '../text/en.ts';

/** With fewer, a figure says more of chance than of the work. */
const LEAST_SAMPLE = 5;

/** A figure with its interval and what it rests on; without data it says so. */
export function Figure({
  measured,
  show,
  of,
}: {
  readonly measured: Measured;
  readonly show: (value: number) => string;
  /** What is counted by the sample size. */
  readonly of: string;
}): ReactNode {
  const { value, low, high } = asNumbers(measured);
  if (measured.n > 0 && measured.n < LEAST_SAMPLE)
    return <span className="tw-quiet">{t.today.tooFew(measured.n, LEAST_SAMPLE)}</span>;
  if (value === undefined) return <span className="tw-quiet">{t.today.noData}</span>;
  return (
    <>
      <span className="tw-figure-value">{show(value)}</span>{' '}
      <span className="tw-quiet">
        {low !== undefined && high !== undefined
          ? t.today.interval(show(low), show(high))
          : t.today.noInterval}{' '}
        (n = {measured.n}, {of})
      </span>
    </>
  );
}

/** The API's description does not tell a number that may be absent from anything else. */
function asNumbers({ value, low, high }: Measured): Partial<Record<'value' | 'low' | 'high', number>> {
  const given = Object.entries({ value, low, high }).filter(([, figure]) => typeof figure === 'number');
  return Object.fromEntries(given);
}

/** One figure of a page of figures. */
export function Tile({
  title,
  value,
  note,
  children,
}: {
  readonly title: string;
  readonly value?: ReactNode;
  readonly note?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <section className="tw-tile">
      <h2>{title}</h2>
      {value !== undefined && <p className="tw-tile__value">{value}</p>}
      {children}
      {note !== undefined && <p className="tw-quiet">{note}</p>}
    </section>
  );
}
