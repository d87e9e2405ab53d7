import type { UseRegistration } from '../../../../src/client/index.ts';
import type { Role } from '../../../kit/me.ts';
import { t } from '../../../text/en.ts';

/** The offices that sign, and the role at every site by which somebody is of one. */
export const officeRoles = {
  privacy: 'privacy',
  'civil-rights': 'civil-rights',
  ocio: 'admin',
  caio: 'ai-governance',
} as const satisfies Readonly<Record<string, Role>>;

export type Office = keyof typeof officeRoles;
export const officeNames = Object.keys(officeRoles) as readonly Office[];

const SIGN_OFF = 'sign-off ';

/** What a version lacks, as sentences name it. */
export function lackOf(lack: string): string {
  const office = officeNames.find((one) => lack === `${SIGN_OFF}${one}`);
  return office === undefined ? lack : t.oversight.reviews.signOff(t.oversight.offices[office]);
}

/** The same beside a column for each office: their signatures are counted only. */
export function lacksInShort(lacks: readonly string[]): readonly string[] {
  const others = lacks.filter((lack) => !lack.startsWith(SIGN_OFF));
  const signOffs = lacks.length - others.length;
  return [...(signOffs === 0 ? [] : [t.oversight.reviews.signOffs(signOffs)]), ...others];
}

type SignOff = UseRegistration['signOffs'][number];

/** The newest word of an office: that counts. */
export function wordOf(signOffs: readonly SignOff[], office: Office): SignOff | undefined {
  return signOffs.findLast((one) => one.office === office);
}
