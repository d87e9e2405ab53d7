import { createRootRoute, createRoute, createRouter, type RouteComponent } from '@tanstack/react-router';
import { Frame } from './frame.tsx';
import { AdminPage } from './pages/admin/admin.tsx';
import { AssetPage } from './pages/asset.tsx';
import { CasePage } from './pages/case.tsx';
import { CasesPage } from './pages/cases.tsx';
import { FindingsPage } from './pages/findings.tsx';
import { LibraryPage } from './pages/library.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { OversightPage, OversightUsePage } from './pages/oversight/lazy.tsx';
import { TodayPage } from './pages/today.tsx';
import { uses } from './uses.ts';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFoundPage });

const pages = [
  ['/', TodayPage],
  ['/cases', CasesPage],
  ['/cases/$id', CasePage],
  ['/library', LibraryPage],
  ['/library/$id', AssetPage],
  ['/findings', FindingsPage],
  ['/oversight', OversightPage],
  ['/oversight/$part', OversightPage],
  ['/oversight/uses/$id', OversightUsePage],
  ['/admin', AdminPage],
  ['/admin/$part', AdminPage],
  ...uses.flatMap(({ use, pages: own = [] }) =>
    own.map(({ path, Page }) => [`/${use}/${path}`, Page] as const),
  ),
] as const;

/** Pages by their address. */
export const router = createRouter({
  routeTree: root.addChildren(
    pages.map(([path, component]) =>
      createRoute({ getParentRoute: () => root, path, component: component as RouteComponent }),
    ),
  ),
  // Filters are words: what looks like a number or a list stays as it was typed.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const words = new URLSearchParams(search as Record<string, string>).toString();
    return words === '' ? '' : `?${words}`;
  },
});
