import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Operations } from '../../src/client/index.ts';
import { t } from '../text/en.ts';
import { api, inBackground, keyOf } from './api.ts';
import { Button } from './form.tsx';

/** What is asked for at once. */
const PAGE = 100;

interface Page {
  readonly items: readonly unknown[];
  readonly next?: string;
}

/** Questions that are answered page by page. */
type ListId = {
  [Id in keyof Operations]: Operations[Id] extends { answer: Page; query?: { cursor?: string } } ? Id : never;
}[keyof Operations];

type Item<Id extends ListId> = Operations[Id]['answer']['items'][number];
type Given<Id extends ListId> = Parameters<typeof api.call<Id>>[1];

/** As much of a list as was asked for. */
export interface List<Of> {
  readonly items: readonly Of[];
  readonly isPending: boolean;
  readonly error: unknown;
  /** Whether there is more, and whether it is on its way. */
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** Asks for a list, a page at first; {@link More} asks for the next. @param everyMs how often it is asked for anew. */
export function useList<Id extends ListId>(id: Id, given: Given<Id>, everyMs?: number): List<Item<Id>> {
  const { query } = given as { readonly query?: object };
  const { data, ...rest } = useInfiniteQuery({
    queryKey: [...keyOf(id, given), 'pages'],
    queryFn: async ({ signal, pageParam }) => {
      const asked = {
        ...given,
        query: { ...query, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
        signal,
      };
      return everyMs === undefined ? (await api.call(id, asked)).body : inBackground(id, asked, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }: Page) => next,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
  return { ...rest, items: (data?.pages ?? []).flatMap(({ items }) => items as readonly Item<Id>[]) };
}

/** Says how much of a list is shown, and shows more of it; nothing when all is there. */
export function More({ list }: { readonly list: List<unknown> }): ReactNode {
  if (!list.hasNextPage) return null;
  return (
    <p className="tw-row">
      <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        {t.admin.more}
      </Button>
      <span className="tw-quiet" role="status">
        {t.lists.shown(list.items.length)}
      </span>
    </p>
  );
}
