import { isMainThread, parentPort } from 'node:worker_threads';

/** Preloaded with --import: a worker thread ends instead of giving its third answer, as it would out of memory. */
if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const post = port.postMessage.bind(port);
  let answers = 0;
  port.postMessage = (message: { kind: string }, transfer) => {
    if (message.kind === 'done') answers += 1;
    if (answers === 3) process.exit(3);
    post(message, transfer as []);
  };
}
