import type { UseRegistration } from '../../../../src/client/index.ts';
import type { Role } from '../../../kit/me.ts';

/** The offices that sign, and the role at every site by which somebody is of one. */
export const officeRoles = {
  privacy: 'privacy',
  'civil-rights': 'civil-rights',
  ocio: 'admin',
  caio: 'ai-governance',
} as const satisfies Readonly<Record<string, Role>>;

export type Office = keyof typeof officeRoles;
export const officeNames = Object.keys(officeRoles) as readonly Office[];

type SignOff = UseRegistration['signOffs'][number];

/** The newest word of an office: that counts. */
export function wordOf(signOffs: readonly SignOff[], office: Office): SignOff | undefined {
  return signOffs.findLast((one) => one.office === office);
}
