import type { Role } from '../../../../web/kit/me.ts';
import { t } from '../../../../web/text/en.ts';

type Place = keyof typeof t.watch.places;

/** Who sets up sites, cameras and channels. */
export const keepers: readonly Role[] = ['supervisor', 'admin'];
/** Who plans test clips and reads what came of them. */
export const testers: readonly Role[] = ['supervisor'];
/** Who may read the report for the next shift. */
const onDuty: readonly Role[] = ['operator', 'officer', 'investigator', 'supervisor', 'privacy', 'admin'];

/** Pages that not everybody at a site sees. */
const narrowed: Partial<Record<Place, readonly Role[]>> = {
  handover: onDuty,
  cameras: keepers,
  channels: keepers,
  'test-clips': testers,
};

/** The pages of the desk that somebody sees, in their order, each with its name. */
export function placesFor(may: (roles: readonly Role[]) => boolean): readonly (readonly [Place, string])[] {
  const all = Object.entries(t.watch.places) as readonly (readonly [Place, string])[];
  return all.filter(([place]) => {
    const roles = narrowed[place];
    return roles === undefined || may(roles);
  });
}
