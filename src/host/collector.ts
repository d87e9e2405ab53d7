/**
 * Options for Node under which frames cost the garbage collector nothing. Views on a frame count as memory that it is
 * responsible for, although frames are freed by hand, so every fifty frames it would look for garbage that is not there:
 * a tenth of the CPU. The buffers of an upload on its way into the vault do the same, for a third of it. Counted within one larger limit, they do not set it off. Only for the version this was tried on,
 * as V8 refuses to start with an option that it does not know.
 */
export const collectorOptions: readonly string[] = process.versions.node.startsWith('24.')
  ? ['--external-memory-accounted-in-global-limit', '--initial-old-space-size=96']
  : [];

/**
 * The same for a worker that looks at frames. What is young is gathered in at most 4 MB, in each of its threads: results of networks
 * are garbage at once, and where they are written next is still in the processor's caches. That took a tenth less memory and no more CPU.
 */
export const frameCollectorOptions: readonly string[] = [...collectorOptions, '--max-semi-space-size=4'];
