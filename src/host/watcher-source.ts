/**
 * The second thread of a worker, which kills the process when its parent is gone and when its lease is over. It is plain
 * JavaScript in a string because a file of its own would load the TypeScript stripper once more (20 MB). A main thread
 * that is deep in native code or in a loop cannot hold it up: it reads leases from a pipe of its own, and measures them on
 * the monotonic clock, so that setting the machine's clock back lengthens none.
 */
export const watcherSource = `
const { createPublicKey, verify } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
const { parent, graceMs, leaseKey, leaseMs, leaseFd } = workerData;
const die = () => process.kill(process.pid, 'SIGKILL');
const monotonic = () => Number(process.hrtime.bigint() / 1000000n);
let until = leaseKey === undefined ? Infinity : monotonic() + leaseMs;
setInterval(() => {
  if (monotonic() > until) die();
  if (process.ppid !== parent) setTimeout(die, graceMs);
}, 250);
if (leaseKey !== undefined) {
  const key = createPublicKey(leaseKey);
  const digest = key.asymmetricKeyType === 'ec' ? 'sha256' : null;
  let [buffered, last, id] = ['', -Infinity, undefined];
  const take = (line) => {
    const { text, signature } = JSON.parse(line);
    if (!verify(digest, Buffer.from(text), key, Buffer.from(signature, 'base64'))) return;
    const claims = JSON.parse(text);
    const [from, to] = [Date.parse(claims.notBefore), Date.parse(claims.expires)];
    // One that was heard before, or of another permit, renews nothing.
    if (!(from > last && to - from <= leaseMs && Date.now() < to) || (id ?? claims.id) !== claims.id) return;
    [last, id] = [from, claims.id];
    until = monotonic() + Math.min(to - from, to - Date.now());
    parentPort.postMessage({ kind: 'signed', claims, signature });
  };
  const pipe = new (require('node:net').Socket)({ fd: leaseFd, readable: true, writable: false });
  pipe.setEncoding('utf8');
  pipe.on('error', () => undefined);
  pipe.on('data', (piece) => {
    const lines = (buffered + piece).split('\\n');
    buffered = lines.pop();
    lines.forEach(take);
  });
}
`;
