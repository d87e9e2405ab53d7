import type { ReactNode } from 'react';
import { Go } from '../../kit/go.tsx';
import { Page } from '../../kit/page.tsx';
import { t } from '../../text/en.ts';

export function NotFoundPage(): ReactNode {
  return (
    <Page title={t.notFound.title}>
      <p>{t.notFound.lead}</p>
      <Go to="/">{t.today.title}</Go>
    </Page>
  );
}
