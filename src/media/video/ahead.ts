/**
 * Runs a generator ahead of its consumer by at most `depth` items, so that decoding overlaps with what is done to the
 * frames. Items that were made and not taken go to `discard`; the generator is closed before this one returns.
 */
export async function* ahead<T>(
  source: AsyncGenerator<T>,
  depth: number,
  discard: (item: T) => void,
): AsyncGenerator<T> {
  const queue: T[] = [];
  let ended = false;
  let stopped = false;
  let wakeConsumer = (): void => undefined;
  let wakeProducer = (): void => undefined;
  const producing = (async () => {
    try {
      for await (const item of source) {
        queue.push(item);
        wakeConsumer();
        while (queue.length >= depth && !stopped)
          await new Promise<void>((resolve) => (wakeProducer = resolve));
        if (stopped) break;
      }
    } finally {
      ended = true;
      wakeConsumer();
    }
  })();
  // The error is thrown where the consumer meets it, below.
  producing.catch(() => undefined);
  try {
    for (;;) {
      while (queue.length === 0 && !ended) await new Promise<void>((resolve) => (wakeConsumer = resolve));
      const item = queue.shift();
      if (item === undefined) break;
      wakeProducer();
      yield item;
    }
    await producing;
  } finally {
    stopped = true;
    wakeProducer();
    await producing.catch(() => undefined);
    queue.splice(0).forEach(discard);
  }
}
