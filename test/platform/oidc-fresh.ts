import { afterEach, beforeEach } from 'node:test';
import { clock, db, idp } from './oidc-console.ts';

/** Has each test of a group begin without refusals, and with an honest provider and the right time. */
export function startingAfresh(): void {
  beforeEach(async () => {
    await db.deleteFrom('refusals').execute();
  });
  afterEach(() => {
    clock.minutesAhead = 0;
    idp.forge = undefined;
    idp.foreignKey = false;
    idp.broken = false;
  });
}
