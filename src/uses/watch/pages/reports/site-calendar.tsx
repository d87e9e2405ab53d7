import type { ReactNode } from 'react';
import type { Answer } from '../../../../../web/kit/api.ts';
import { useNames } from '../../../../../web/kit/me.ts';
import { Facts } from '../../../../../web/kit/page.tsx';
import { t } from '../../../../../web/text/en.ts';
import { readSiteText } from '../site-text.ts';
import { useMoment } from '../zone.ts';

const words = t.watch.arming;

/** When the site is open, as its file says. */
export function SiteCalendar({ view }: { readonly view: Answer<'getWatchSite'> }): ReactNode {
  const showMoment = useMoment();
  const nameOf = useNames();
  const { open, holidays, exceptions, timeZone } = readSiteText(view.text);
  const hours = (given: readonly string[] | undefined): string =>
    given === undefined || given.length === 0 ? words.closed : given.join(', ');
  return (
    <>
      <Facts
        facts={[
          ...Object.entries(words.days).map(([day, name]) => [name, hours(open[day])] as const),
          ...(holidays.length === 0
            ? []
            : [[words.holidays, holidays.map(({ date, name }) => `${date} ${name}`).join('; ')] as const]),
          ...(exceptions.length === 0
            ? []
            : [
                [
                  words.exceptions,
                  exceptions.map((one) => `${one.date} ${hours(one.open)} (${one.reason})`).join('; '),
                ] as const,
              ]),
        ]}
      />
      <p className="tw-quiet">
        {words.zoneOf(timeZone)}{' '}
        {words.version(view.version, nameOf(view.changedBy), showMoment(view.changedAt))}
      </p>
    </>
  );
}
