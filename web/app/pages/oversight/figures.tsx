import type { ReactNode } from 'react';
import { Choice } from '../../../kit/form.tsx';
import { useApi } from '../../../kit/api.ts';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';

const percent = new Intl.NumberFormat(t.locale, { style: 'percent', maximumSignificantDigits: 3 });
const languages = new Intl.DisplayNames(t.locale, { type: 'language' });
const plain = new Intl.NumberFormat(t.locale, { maximumSignificantDigits: 3 });

/** `es` as Spanish; a code that is none stays as it is. */
export function languageOf(code: string): string {
  try {
    return languages.of(code) ?? code;
  } catch {
    return code;
  }
}

/** The API's description does not tell a value that may be absent from anything else. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A share with its interval and what it rests on, or that it cannot be told. */
export function Share({
  value,
  low,
  high,
  n,
  as = 'percent',
}: {
  readonly value: unknown;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly as?: 'percent' | 'plain';
}): ReactNode {
  const known = numberIn(value);
  const show = (one: number): string => (as === 'percent' ? percent : plain).format(one);
  if (known === undefined || n === 0)
    return <span className="tw-quiet">{`${t.oversight.notEstimable}, n = ${n}`}</span>;
  return t.oversight.interval(show(known), show(low), show(high), n);
}

/** Uses that were put before the offices, each once. */
export function useUses(): readonly string[] {
  const { data } = useApi('listRegistrations', {});
  return [...new Set(data?.items.map(({ use }) => use))].sort();
}

/** Which use something is about. */
export function UseChoice({
  value,
  besides = [],
  onChoose,
}: {
  readonly value: string;
  /** What is offered although it was not put before the offices. */
  readonly besides?: readonly string[];
  readonly onChoose: (use: string) => void;
}): ReactNode {
  const uses = [...new Set([...useUses(), ...besides])];
  return (
    <Choice
      label={t.oversight.use}
      value={value}
      onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      options={uses.map((use) => [use, titleOf(use)] as const)}
    />
  );
}

/**
 * Names of uses as fields of a form offer them.
 * @param besides offered although they were not put before the offices. None is chosen then: what is left as it was must not stop the first one.
 */
export function UseField({ besides = [] }: { readonly besides?: readonly string[] }): ReactNode {
  const uses = [...new Set([...besides, ...useUses()])].map((use) => [use, titleOf(use)] as const);
  return (
    <Choice
      label={t.oversight.use}
      name="use"
      required
      options={besides.length === 0 ? uses : [['', t.oversight.stops.chooseGrade], ...uses]}
    />
  );
}
