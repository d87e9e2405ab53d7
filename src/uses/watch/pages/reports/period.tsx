import { useState, type ReactNode } from 'react';
import { Choice } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';

const HOUR_MS = 3_600_000;
const options = Object.entries(t.watch.period.options).sort(([a], [b]) => Number(a) - Number(b));

/** A period that ends now, and the choice of its length. */
export function usePeriod(usual: keyof typeof t.watch.period.options): {
  readonly from: string;
  readonly to: string;
  readonly choice: ReactNode;
} {
  const [hours, setHours] = useState<string>(usual);
  // Fixed while the page is open, so that one and the same question is asked.
  const [to] = useState(() => Date.now());
  return {
    from: new Date(to - Number(hours) * HOUR_MS).toISOString(),
    to: new Date(to).toISOString(),
    choice: (
      <Choice
        label={t.watch.period.title}
        value={hours}
        onChange={({ currentTarget: { value } }) => setHours(value)}
        options={options}
      />
    ),
  };
}
