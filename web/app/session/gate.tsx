import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { keyOf, useApi, type Answer } from '../../kit/api.ts';
import { SessionContext } from '../../kit/me.ts';
import { Waiting } from '../../kit/problem.tsx';
import { Enrol } from './enrol.tsx';
import { Banner, FirstRun, Locked, SecondFactor, SignIn } from './sign-in.tsx';

/** How often the page asks whether it was locked meanwhile. */
const ASK_MS = 20_000;

/** Shows the console to who is signed in, and everybody else the next step towards it. */
export function Gate({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const session = useApi('getSession', {}, { everyMs: ASK_MS });
  const state = session.data?.state;
  const welcome = useApi('getWelcome', {}, { enabled: state === 'none' });
  if (session.data === undefined) return <Waiting query={session} />;
  if (state === 'none' && welcome.data === undefined) return <Waiting query={welcome} />;
  const onNext = (next: Answer<'getSession'>): void => {
    // What one person saw is not there for the next.
    if (next.state === 'none') queries.clear();
    queries.setQueryData(keyOf('getSession', {}), next);
    if (next.state === 'open')
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'getSession' });
  };
  switch (session.data.state) {
    case 'none':
      return welcome.data?.firstRun === true ? (
        <FirstRun onNext={onNext} />
      ) : (
        <SignIn ways={session.data.ways} onNext={onNext} />
      );
    case 'second-factor':
      return <SecondFactor session={session.data} onNext={onNext} />;
    case 'enrol':
      return <Enrol onNext={onNext} />;
    case 'locked':
      return <Locked session={session.data} onNext={onNext} />;
    case 'banner':
      return <Banner session={session.data} onNext={onNext} />;
    case 'open':
      return <SessionContext value={session.data}>{children}</SessionContext>;
  }
}
