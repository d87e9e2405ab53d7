import type { ReactNode } from 'react';
import { Go } from '../../../../web/kit/go.tsx';
import { t } from '../../../../web/text/en.ts';
import type { Finding } from '../../../client/index.ts';

/** An incident is decided at its desk; the queue of all findings leads there. */
export function IncidentEvidence({ finding }: { readonly finding: Finding }): ReactNode {
  return (
    <p>
      <Go to={`/watch/incidents/${finding.id}`}>{t.watch.open}</Go>
    </p>
  );
}
