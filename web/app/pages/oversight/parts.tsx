import { useParams } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { Go } from '../../../kit/go.tsx';
import { useMay, type Role } from '../../../kit/me.ts';
import { Page } from '../../../kit/page.tsx';
import { t } from '../../../text/en.ts';
import { CalendarPart } from './calendar.tsx';
import { DisparityPart } from './disparity.tsx';
import { LabsPart } from './labs.tsx';
import { LedgerPart } from './ledger.tsx';
import { OptOutsPart } from './opt-outs.tsx';
import { PublicPart } from './public.tsx';
import { RedressPart } from './redress.tsx';
import { ReviewsPart } from './reviews.tsx';
import { SeedsPart } from './seeds.tsx';
import { StopsPart } from './stops.tsx';
import { TrainingPart } from './training.tsx';
import './oversight.css';

const offices: readonly Role[] = ['privacy', 'civil-rights', 'ai-governance'];
const overseers: readonly Role[] = [...offices, 'supervisor', 'admin'];

/** Parts by their address, with who may see them; absent for everybody. */
const parts: Readonly<Record<string, { readonly Body: ComponentType; readonly roles?: readonly Role[] }>> = {
  reviews: { Body: ReviewsPart, roles: overseers },
  calendar: { Body: CalendarPart, roles: overseers },
  stops: { Body: StopsPart, roles: overseers },
  'opt-outs': { Body: OptOutsPart, roles: overseers },
  redress: { Body: RedressPart, roles: overseers },
  disparity: { Body: DisparityPart, roles: overseers },
  ledger: { Body: LedgerPart, roles: overseers },
  public: { Body: PublicPart, roles: overseers },
  labs: { Body: LabsPart, roles: overseers },
  // Who decides about findings is not told which queues are seeded.
  seeds: { Body: SeedsPart, roles: offices },
  training: { Body: TrainingPart },
};

/** What the offices look after, by parts; everybody has their own training. */
export function PartsPage(): ReactNode {
  const { part: asked }: Readonly<Record<string, string>> = useParams({ strict: false });
  const may = useMay();
  const mine = Object.entries(parts).filter(([, { roles }]) => roles === undefined || may(roles));
  const id = asked ?? mine[0]?.[0] ?? '';
  const Body = mine.find(([name]) => name === id)?.[1].Body;
  const [title = '', lead = ''] = Body === undefined ? [] : (t.oversight.parts[id] ?? []);
  return (
    <div className="tw-admin ov-page">
      <nav aria-label={t.oversight.title}>
        <ul className="usa-sidenav">
          {mine.map(([name]) => (
            <li key={name} className="usa-sidenav__item">
              <Go to={`/oversight/${name}`} className={name === id ? 'usa-current' : ''}>
                {t.oversight.parts[name]?.[0]}
              </Go>
            </li>
          ))}
        </ul>
      </nav>
      <div>
        <Page
          title={Body === undefined ? t.notFound.title : title}
          lead={Body === undefined ? t.notFound.lead : lead}
        >
          {Body !== undefined && <Body />}
        </Page>
      </div>
    </div>
  );
}
