import { z } from 'zod';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { everybody, visibleSites } from './access.ts';
import { assetView, toAsset } from './views.ts';

/** Assets over all cases. */
export function libraryRoutes({ db }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/assets',
      id: 'listLibrary',
      tag: 'Assets',
      summary: 'Assets of all cases at the sites you work at, newest first',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({
        case: z.uuid().optional(),
        role: z.enum(['original', 'output', 'record']).optional(),
        type: z.enum(['image', 'video', 'audio']).optional().describe('First part of the media type.'),
        name: z.string().max(200).optional().describe('Part of the name, in any case of letters.'),
        from: z.uuid().optional().describe('Only what was made from this asset.'),
      }),
      answer: pageOf(assetView),
      handle: async ({ query, principal }) => {
        let wanted = db
          .selectFrom('assets')
          .selectAll('assets')
          .where('role', 'in', query.role === undefined ? ['original', 'output', 'record'] : [query.role]);
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.case !== undefined) wanted = wanted.where('case_id', '=', query.case);
        if (query.type !== undefined) wanted = wanted.where('media_type', 'like', `${query.type}/%`);
        if (query.from !== undefined) wanted = wanted.where('derived_from', '=', query.from);
        if (query.name !== undefined)
          wanted = wanted.where('name', 'ilike', `%${query.name.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
        const { items, next } = await page(wanted, 'assets', query);
        return { body: { items: items.map(toAsset), ...(next === undefined ? {} : { next }) } };
      },
    }),
  ];
}
