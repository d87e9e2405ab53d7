import { serveChild } from '../../../host/child.ts';
import { discoverCameras, streamsOf, printable, type FoundCamera } from './discover.ts';
import type { AskedCamera, FindTask } from './find.ts';

serveChild<FindTask, readonly AskedCamera[]>(async (task, { signal }) => {
  // The library cannot be stopped, and there is nothing to tidy.
  signal.addEventListener('abort', () => process.exit());
  const found = await foundIn(task);
  return Promise.all(found.map(async (camera) => asked(camera, task.credentials)));
});

async function foundIn({ timeout, networks }: FindTask): Promise<readonly FoundCamera[]> {
  const answers = await Promise.allSettled(networks.map((name) => discoverCameras(timeout, name)));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed !== undefined && answers.every(({ status }) => status === 'rejected')) throw failed.reason;
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return [...new Map(found.map((one) => [`${one.address} ${one.service ?? ''}`, one])).values()];
}

async function asked(camera: FoundCamera, credentials: FindTask['credentials']): Promise<AskedCamera> {
  if (camera.service === undefined || credentials === undefined) return { ...camera, streams: [] };
  try {
    return { ...camera, streams: await streamsOf(camera.service, credentials) };
  } catch (error) {
    const problem = printable(error instanceof Error ? error.message : String(error), 200);
    return { ...camera, streams: [], problem };
  }
}
