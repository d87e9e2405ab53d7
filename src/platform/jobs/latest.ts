/** Passes on the newest of many values, no more often than every so often. */
export interface Latest<T> {
  put(value: T): void;
  /** Drops what was not passed on, and waits for what is on its way. */
  end(): Promise<void>;
}

/**
 * @param everyMs shortest time between two.
 * @param pass a failure is dropped: the next value says more.
 */
export function latest<T>(everyMs: number, pass: (value: T) => Promise<void>): Latest<T> {
  let waiting: { readonly value: T } | undefined;
  let busy: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    timer = undefined;
    if (waiting === undefined || busy !== undefined) return;
    const { value } = waiting;
    waiting = undefined;
    busy = pass(value)
      .catch(() => undefined)
      .finally(() => {
        busy = undefined;
        timer = setTimeout(next, everyMs);
      });
  };
  return {
    put: (value) => {
      waiting = { value };
      if (timer === undefined && busy === undefined) next();
    },
    end: async () => {
      waiting = undefined;
      await busy;
      clearTimeout(timer);
    },
  };
}
