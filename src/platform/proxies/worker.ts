import type { Progress } from '../../core/progress.ts';
import { serveChild } from '../../host/child.ts';
import { makeProxies, type Proxies } from '../../media/proxy/index.ts';

/** What the worker is given. */
export interface ProxyTask {
  readonly input: string;
  /** Empty. */
  readonly folder: string;
}

serveChild<ProxyTask, Proxies, Progress>((task, context) =>
  makeProxies({ ...task, signal: context.signal, onProgress: (progress) => context.send(progress) }),
);
