import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { keyOf, useApi, useDo } from '../../../kit/api.ts';
import { showMoment } from '../../../kit/format.ts';
import { Button } from '../../../kit/form.tsx';
import { Section } from '../../../kit/page.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';

/** Where somebody is signed in, so that what is not theirs is seen and ended. */
export function OwnSessions(): ReactNode {
  const sessions = useApi('listSessions', {});
  const end = useDo('endSession', ['listSessions']);
  const others = useDo('endOtherSessions', ['listSessions']);
  const everywhere = useDo('signOutEverywhere');
  const queries = useQueryClient();
  const [ended, setEnded] = useState<number>();
  return (
    <Section title={t.account.sessions}>
      <Problem error={end.error ?? others.error ?? everywhere.error} />
      <Waiting query={sessions} />
      <Table
        caption={t.account.sessions}
        rows={sessions.data?.items ?? []}
        id={({ id }) => id}
        columns={[
          { title: t.account.device, show: ({ device }) => device ?? t.account.unused },
          { title: t.account.address, show: ({ address }) => address ?? t.account.unused },
          { title: t.account.started, show: ({ startedAt }) => showMoment(startedAt) },
          { title: t.tokens.used, show: ({ usedAt }) => showMoment(usedAt) },
          { title: t.account.expires, show: ({ expiresAt }) => showMoment(expiresAt) },
          {
            title: t.cases.state,
            show: ({ id, here, device, startedAt }) =>
              here ? (
                t.account.here
              ) : (
                <Button
                  kind="unstyled"
                  aria-label={t.account.endOf(device ?? t.account.unused, showMoment(startedAt))}
                  onClick={() => end.mutate({ params: { id } })}
                >
                  {t.tokens.revoke}
                </Button>
              ),
          },
        ]}
      />
      <div className="tw-row tw-below">
        <Button onClick={async () => setEnded((await others.mutateAsync({})).ended)}>
          {t.account.endOthers}
        </Button>
        <Button
          kind="secondary"
          onClick={async () => {
            await everywhere.mutateAsync({});
            await queries.invalidateQueries({ queryKey: keyOf('getSession') });
          }}
        >
          {t.account.everywhere}
        </Button>
      </div>
      {ended !== undefined && <p role="status">{t.account.ended(ended)}</p>}
    </Section>
  );
}
