import { isMainThread } from 'node:worker_threads';

/**
 * Breaks one part of the worker that loads this, in the middle of its work. The part is named in this module's own
 * address; `none` breaks nothing.
 */
const fault = new URL(import.meta.url).searchParams.get('fault') ?? 'none';

/** Frames, looks or packets that go well before the fault. */
const goodOnes = 30;
/** Looks are fewer: one in three frames. */
const goodLooks = 5;
/** AVERROR(EIO) as FFmpeg gives it. */
const inputOutputError = -5;

/** Makes a method fail from its n-th call on. */
function failAfter<K extends string>(
  // Methods of any shape: the fault does not look at what they are given.
  owner: Record<K, (...args: never[]) => unknown>,
  method: K,
  good: number,
  fail: () => unknown,
): void {
  const original = owner[method] as (...args: unknown[]) => unknown;
  let calls = 0;
  const failing = function (this: unknown, ...args: unknown[]): unknown {
    calls += 1;
    return calls > good ? fail() : original.apply(this, args);
  };
  Object.assign(owner, { [method]: failing });
}

function raise(): never {
  throw new Error(`injected: ${fault}`);
}

async function breakMedia(): Promise<void> {
  const { CodecContext, FormatContext } = await import('node-av/lib');
  const codec = CodecContext.prototype;
  if (fault === 'decoder') failAfter(codec, 'sendPacket', goodOnes, async () => inputOutputError);
  if (fault === 'encoder') failAfter(codec, 'sendFrame', goodOnes, async () => inputOutputError);
  if (fault === 'writer')
    failAfter(FormatContext.prototype, 'interleavedWriteFrameSync', goodOnes, () => inputOutputError);
}

async function breakDrawing(): Promise<void> {
  const { Canvas } = await import('../../src/media/draw/canvas.ts');
  const { RegionTimeline } = await import('../../src/uses/redaction/timeline.ts');
  if (fault === 'draw') failAfter(Canvas.prototype, 'hide', goodOnes, raise);
  if (fault === 'plan look-up') failAfter(RegionTimeline.prototype, 'at', goodOnes, raise);
  if (fault === 'kill')
    failAfter(Canvas.prototype, 'hide', goodOnes, () => process.kill(process.pid, 'SIGKILL'));
}

async function breakTracker(): Promise<void> {
  const { Associator } = await import('../../src/vision/track/association.ts');
  failAfter(Associator.prototype, 'update', goodLooks, raise);
}

/** Only in the inference threads, where models run. */
async function breakModel(): Promise<void> {
  const { loadRuntime } = await import('../../src/models/runtime.ts');
  const runtime = await loadRuntime();
  const session = runtime.InferenceSession as unknown as { prototype: { run: () => unknown } };
  const { run } = session.prototype as {
    run: (...args: unknown[]) => Promise<Record<string, { data: unknown }>>;
  };
  let calls = 0;
  session.prototype.run = async function (this: unknown, ...args: unknown[]) {
    calls += 1;
    if (calls <= goodLooks) return run.apply(this, args);
    if (fault === 'model dies') process.exit(1);
    if (fault === 'model fails') return raise();
    const outputs = await run.apply(this, args);
    for (const { data } of Object.values(outputs)) if (data instanceof Float32Array) data.fill(Number.NaN);
    return outputs;
  };
}

if (isMainThread) {
  await breakMedia();
  await breakDrawing();
  if (fault === 'tracker') await breakTracker();
} else if (fault.startsWith('model')) {
  await breakModel();
}
