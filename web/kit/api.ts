import {
  QueryCache,
  MutationCache,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { ProblemError, TidewaiterClient, type Operations, type Problem } from '../../src/client/index.ts';
import { operations } from '../../src/client/operations.ts';

/** The server that this page came from, in the browser's session. */
export const api = new TidewaiterClient({ url: '' });

export type Answer<Id extends keyof Operations> = Operations[Id]['answer'];
export type Body<Id extends keyof Operations> = Operations[Id] extends { body: infer Taken } ? Taken : never;
type Given<Id extends keyof Operations> = Parameters<typeof api.call<Id>>[1];

/** What the cache knows a question by. */
export function keyOf<Id extends keyof Operations>(id: Id, given?: Given<Id>): readonly unknown[] {
  return given === undefined ? [id] : [id, given];
}

/**
 * Asks the server, and keeps the answer while it is looked at.
 * @param everyMs asks again by itself; asking so does not keep a session awake that nobody sits at.
 */
export function useApi<Id extends keyof Operations>(
  id: Id,
  given: Given<Id>,
  { enabled = true, everyMs }: { readonly enabled?: boolean; readonly everyMs?: number } = {},
): UseQueryResult<Answer<Id>> {
  return useQuery<Answer<Id>>({
    queryKey: keyOf(id, given),
    queryFn: ({ signal }) =>
      everyMs === undefined
        ? api.call(id, { ...given, signal }).then(({ body }) => body)
        : inBackground(id, given, signal),
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}

/** Tells the server to do something; the answers to the named questions are asked for anew. */
export function useDo<Id extends keyof Operations>(
  id: Id,
  refreshes: readonly (keyof Operations)[] = [],
): UseMutationResult<Answer<Id>, Error, Given<Id>> {
  const queries = useQueryClient();
  return useMutation<Answer<Id>, Error, Given<Id>>({
    mutationFn: async (given) => (await api.call(id, given)).body,
    onSuccess: () => Promise.all(refreshes.map((one) => queries.invalidateQueries({ queryKey: keyOf(one) }))),
  });
}

/** Asks what the page asks by itself: it keeps no session awake. */
export async function inBackground<Id extends keyof Operations>(
  id: Id,
  given: Given<Id>,
  signal: AbortSignal,
): Promise<Answer<Id>> {
  const { query = {}, params = {} } = given as {
    query?: Record<string, string | number | undefined>;
    params?: Record<string, string>;
  };
  const path = operations[id][1].replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  const response = await fetch(`/api/v1${path}?${search.toString()}`, {
    signal,
    headers: { 'x-tidewaiter-background': '1' },
  });
  if (!response.ok) throw new ProblemError((await response.json()) as Problem);
  return (await response.json()) as Answer<Id>;
}

/** Where the bytes of an asset are. Reading them is recorded. */
export function contentAddress(asset: string): string {
  return `/api/v1/assets/${asset}/content`;
}

/** Where what is shown in place of an asset is. Reading it is recorded as seeing the asset. */
export function proxyAddress(asset: string, kind: 'video' | 'sound' | 'picture' | 'thumbnail'): string {
  return `/api/v1/assets/${asset}/proxy/${kind}`;
}

export function newQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    // The session was locked or has ended meanwhile: the frame asks how far one is, and shows that.
    if (error instanceof ProblemError && ['E_SESSION', 'E_NOT_SIGNED_IN'].includes(error.problem.code))
      void client.invalidateQueries({ queryKey: keyOf('getSession') });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < 2 && !(error instanceof ProblemError && error.problem.status < 500),
      },
    },
  });
  return client;
}
