import { createContext, useContext } from 'react';
import { showMomentAt, showSecondAt } from '../../../../web/kit/format.ts';

/** The time zone of the site that a page is about. */
export const SiteZone = createContext<string | undefined>(undefined);

/** Shows moments as the clock at the site does, with the name of its zone: who reads them may sit elsewhere. */
export function useMoment(): (iso: string) => string {
  const zone = useContext(SiteZone);
  return (iso) => showMomentAt(iso, zone);
}

/** As {@link useMoment}, to the second: alerts of one minute are told apart. */
export function useSecond(): (iso: string) => string {
  const zone = useContext(SiteZone);
  return (iso) => showSecondAt(iso, zone);
}
