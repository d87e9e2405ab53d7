import type { ReactNode } from 'react';
import { Choice } from '../../../../web/kit/form.tsx';
import { Go } from '../../../../web/kit/go.tsx';
import { useMay } from '../../../../web/kit/me.ts';
import { Page } from '../../../../web/kit/page.tsx';
import { t } from '../../../../web/text/en.ts';
import type { LinkState } from './events.ts';
import { placesFor } from './places.ts';
import { NoSite, Ready } from './ready.tsx';
import { useDeskSite } from './site.ts';
import { SiteZone } from './zone.ts';
import './watch.css';

/** What stands around every page of the desk: the ways to the others, and the site. */
export function WatchPage({
  title,
  lead,
  link,
  at,
  needs,
  actions,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  /** How the connection to the site does, where the page is live. */
  readonly link?: LinkState;
  /** The site that the page is about, where that is not the chosen one: its clock counts, and no other is offered. */
  readonly at?: string;
  /** What a site must have before there is anything to show. */
  readonly needs?: 'file' | 'camera';
  readonly actions?: ReactNode;
  /** Shown once there is a site. */
  readonly children: (site: string) => ReactNode;
}): ReactNode {
  const { site, sites, isPending, choose } = useDeskSite();
  const may = useMay();
  const shown = placesFor((roles) => site !== undefined && may(roles, site));
  return (
    <div className="ww-page">
      <nav className="ww-nav" aria-label={t.watch.navigation}>
        <ul>
          {shown.map(([place, name]) => (
            <li key={place}>
              <Go to={`/watch/${place}`} className="ww-nav__link">
                {name}
              </Go>
            </li>
          ))}
        </ul>
        {link !== undefined && (
          <span className={`ww-link ww-link--${link}`} role="status">
            {t.watch.link[link]}
          </span>
        )}
      </nav>
      <Page
        title={title}
        {...(lead === undefined ? {} : { lead })}
        actions={
          <>
            {actions}
            {sites.length > 1 && site !== undefined && at === undefined && (
              <Choice
                label={t.watch.site}
                value={site}
                onChange={({ currentTarget: { value } }) => choose(value)}
                options={sites.map(({ id, name }) => [id, name] as const)}
              />
            )}
          </>
        }
      >
        <SiteZone value={sites.find(({ id }) => id === (at ?? site))?.timeZone}>
          {site === undefined ? (
            !isPending && <NoSite />
          ) : (
            <Ready site={site} needs={needs}>
              {() => children(site)}
            </Ready>
          )}
        </SiteZone>
      </Page>
    </div>
  );
}
