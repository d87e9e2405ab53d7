import { useParams } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { Go } from '../../../kit/go.tsx';
import { useMay, type Role } from '../../../kit/me.ts';
import { Page } from '../../../kit/page.tsx';
import { t } from '../../../text/en.ts';
import { AccountPart } from './account.tsx';
import { HealthPart } from './health.tsx';
import { JobsPart } from './jobs.tsx';
import { LedgerPart } from './ledger.tsx';
import { ModelsPart } from './models.tsx';
import { PeoplePart } from './people.tsx';
import { RefusalsPart } from './refusals.tsx';
import { RulesPart } from './rules.tsx';
import { ServicesPart } from './services.tsx';
import { SitesPart } from './sites.tsx';
import { TokensPart } from './tokens.tsx';
import { WebhooksPart } from './webhooks.tsx';

interface Part {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** Who may; absent for everybody. */
  readonly roles?: readonly Role[];
  readonly Body: ComponentType;
}

const parts: readonly Part[] = [
  { id: 'jobs', title: t.jobs.title, lead: t.jobs.lead, Body: JobsPart },
  { id: 'services', title: t.services.title, lead: t.services.lead, roles: ['admin'], Body: ServicesPart },
  { id: 'people', title: t.people.title, lead: t.people.lead, roles: ['admin'], Body: PeoplePart },
  { id: 'sites', title: t.sites.title, lead: t.sites.lead, roles: ['admin'], Body: SitesPart },
  { id: 'account', title: t.account.title, lead: t.account.lead, Body: AccountPart },
  { id: 'tokens', title: t.tokens.title, lead: t.tokens.lead, Body: TokensPart },
  { id: 'webhooks', title: t.webhooks.title, lead: t.webhooks.lead, roles: ['admin'], Body: WebhooksPart },
  { id: 'models', title: t.models.title, lead: t.models.lead, Body: ModelsPart },
  { id: 'rules', title: t.rules.title, lead: t.rules.lead, Body: RulesPart },
  {
    id: 'ledger',
    title: t.ledger.title,
    lead: t.ledger.lead,
    roles: ['supervisor', 'privacy', 'civil-rights', 'ai-governance', 'admin'],
    Body: LedgerPart,
  },
  {
    id: 'refusals',
    title: t.refusals.title,
    lead: t.refusals.lead,
    roles: ['admin'],
    Body: RefusalsPart,
  },
  { id: 'health', title: t.health.title, lead: t.health.lead, Body: HealthPart },
];

/** What keeps the place running, by parts; who may not do something does not see it offered. */
export function AdminPage(): ReactNode {
  const { part: id = 'jobs' }: Readonly<Record<string, string>> = useParams({ strict: false });
  const may = useMay();
  const mine = parts.filter(({ roles }) => roles === undefined || may(roles));
  const part = mine.find((one) => one.id === id);
  return (
    <div className="tw-admin">
      <nav aria-label={t.admin.title}>
        <ul className="usa-sidenav">
          {mine.map((one) => (
            <li key={one.id} className="usa-sidenav__item">
              <Go to={`/admin/${one.id}`} className={one.id === id ? 'usa-current' : ''}>
                {one.title}
              </Go>
            </li>
          ))}
        </ul>
      </nav>
      <div>
        <Page title={part?.title ?? t.notFound.title} lead={part?.lead ?? t.notFound.lead}>
          {part !== undefined && <part.Body />}
        </Page>
      </div>
    </div>
  );
}
