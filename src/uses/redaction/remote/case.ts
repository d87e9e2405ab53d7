import type { Operations } from '../../../client/index.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import type { Talk } from './talk.ts';

type Case = Operations['getCase']['answer'];

const use = 'redaction';
const LONGEST_TITLE = 300;

/**
 * An open case by its id or its title.
 * @throws TidewaiterError `E_PLATFORM_CASE`.
 */
export async function caseNamed(talk: Talk, named: string, site: string | undefined): Promise<Case> {
  const found = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(named)
    ? [await talk.ask('getCase', { params: { id: named } })]
    : await casesTitled(talk, named, site);
  const open = found.filter(({ state }) => state === 'open');
  const [only] = open;
  if (only !== undefined && open.length === 1) return only;
  throw new TidewaiterError(
    'E_PLATFORM_CASE',
    only === undefined
      ? `There is no open case ${JSON.stringify(named)} that you see`
      : `${open.length} open cases are called ${JSON.stringify(named)}`,
    only === undefined
      ? 'Check id or title, or leave --case away to open a new one.'
      : 'Give the id of the one that you mean.',
  );
}

export async function newCase(talk: Talk, site: string, wanted: string): Promise<Case> {
  const title = wanted.slice(0, LONGEST_TITLE);
  const like = async (): Promise<Case[]> => {
    const { items } = await talk.once('listCases', { query: { use, site, state: 'open', limit: 50 } });
    return items.filter((one) => one.title === title);
  };
  const body = { site, use, title };
  const id = await talk.make(like, async () => (await talk.once('openCase', { body })).id);
  return talk.ask('getCase', { params: { id } });
}

/**
 * Where a new case is opened: at the site that was named, or at the only one there is.
 * @throws TidewaiterError `E_PLATFORM_CASE`.
 */
export async function siteFor(talk: Talk, named: string | undefined): Promise<string> {
  const { items } = await talk.ask('listSites', {});
  const fit = items.filter(({ id }) => named === undefined || id === named);
  const [only] = fit;
  if (only !== undefined && fit.length === 1) return only.id;
  const sites = items.map(({ id }) => id).join(', ');
  if (sites === '')
    throw new TidewaiterError(
      'E_PLATFORM_CASE',
      'You work at no site of this platform',
      'Ask an administrator for a role.',
    );
  throw new TidewaiterError(
    'E_PLATFORM_CASE',
    `A case is opened at one of the sites that you see: ${sites}`,
    'Name it with --site.',
  );
}

async function casesTitled(talk: Talk, title: string, site: string | undefined): Promise<Case[]> {
  const found: Case[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await talk.ask('listCases', {
      query: {
        ...{ use, state: 'open', limit: 200 },
        ...(site === undefined ? {} : { site }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
    found.push(...items.filter((one) => one.title === title));
    cursor = next;
  } while (cursor !== undefined);
  return found;
}
