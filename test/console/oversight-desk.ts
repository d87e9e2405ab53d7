import type { Page } from 'playwright-core';
import type { Role } from '../../src/platform/people/roles.ts';
import { newPerson, newSession, type House } from '../platform/attack/house.ts';
import { signedIn } from './signed-in.ts';

/** A console with everything served, and browsers of people who oversee. */
export interface OversightDesk {
  readonly house: House;
  /** Its address under a name for which browsers allow all of WebCrypto. */
  readonly localhost: string;
  /** A browser in which somebody with a role at every site is signed in: somebody new, or the person with this id. */
  openAs(role: Role, id?: string): Promise<{ page: Page; strays: string[]; id: string }>;
}

export async function oversightDesk(): Promise<OversightDesk> {
  const { house, open } = await signedIn();
  const localhost = house.url.replace('127.0.0.1', 'localhost');
  return {
    ...{ house, localhost },
    openAs: async (role, given) => {
      const id = given ?? (await newPerson(house, [{ site: '*', role }]));
      const [name = '', value = ''] = (await newSession(house, id))['cookie']?.split('=') ?? [];
      const { page, strays } = await open();
      await page.context().addCookies([house.url, localhost].map((url) => ({ name, value, url })));
      return { page, strays, id };
    },
  };
}
