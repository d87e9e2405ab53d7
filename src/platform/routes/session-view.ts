import { z } from 'zod';
import { factorsOf } from '../people/second-factor.ts';
import type { Session } from '../people/session-state.ts';
import type { Settings } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';

/** How far somebody got with signing in, as routes answer it. */
export const sessionView = z
  .object({
    state: z.enum(['none', 'second-factor', 'enrol', 'locked', 'banner', 'open']),
    ways: z
      .array(z.enum(['password', 'passkey', 'provider']))
      .optional()
      .describe('In state `none`: what a sign-in may begin with.'),
    person: z.object({ id: z.uuid(), login: z.string(), name: z.string() }).optional(),
    factors: z
      .array(z.enum(['app', 'passkey', 'recovery-code']))
      .optional()
      .describe('What the person has enrolled as a second factor.'),
    banner: z.string().optional(),
    grants: z.array(z.object({ site: z.string(), role: z.string() })).optional(),
    expiresAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Session' });
export type SessionView = z.input<typeof sessionView>;

export async function viewOf(
  db: Database,
  { sessions, oidc }: Pick<Settings, 'sessions' | 'oidc'>,
  session: Session | undefined,
): Promise<SessionView> {
  if (session === undefined) {
    return {
      state: 'none',
      ways: [
        'password',
        ...(sessions.passkeyAlone ? (['passkey'] as const) : []),
        ...(oidc === undefined ? [] : (['provider'] as const)),
      ],
    };
  }
  const { state, personId, login, name, expiresAt } = session;
  return {
    state,
    person: { id: personId, login, name },
    factors: await factorsOf(db, personId),
    expiresAt: expiresAt.toISOString(),
    ...(state === 'banner' ? { banner: session.banner } : {}),
    ...(state === 'open' ? { grants: [...session.principal.grants] } : {}),
  };
}
