import type * as Runtime from 'onnxruntime-node';

/**
 * ONNX Runtime, which runs models. Its builds report to their maker, from 1.29 on also on Linux: names and digests of models,
 * how long they ran, an identity of the machine kept in the home folder. Nothing of an agency's work is anybody else's, so that is
 * switched off before the library is there; nothing else loads it.
 */
export async function loadRuntime(): Promise<typeof Runtime> {
  silenceRuntime();
  return import('onnxruntime-node');
}

/**
 * To be called before a thread is begun that loads the library: a thread has a copy of the environment, and the library reads the
 * one of the process.
 */
export function silenceRuntime(): void {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
}
