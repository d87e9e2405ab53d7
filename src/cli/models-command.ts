import { homedir } from 'node:os';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandSpec } from '../core/command.ts';
import { admitModels } from '../host/engine-options.ts';
import { runChild } from '../host/run-child.ts';
import { defaultCacheDir } from '../models/cache.ts';
import { modelText, modelsHeader } from './models-text.ts';
import type { ModelEntry, ModelsParams } from './models-worker.ts';

const memoryLimitBytes = 2 ** 30;
const stallSeconds = 120;
/** Width of the list where there is no terminal, and at most. */
const widest = 100;

const schema = z.object({ speed: z.literal(true).optional(), modelDir: z.string().optional() });

export const models: CommandSpec = {
  name: 'models',
  summary: 'List the models that are known here, with their licences and digests',
  arguments: [],
  options: [
    { flags: '--speed', summary: 'run each model on this machine and say how long it takes' },
    {
      flags: '--model-dir <folder>',
      summary: 'folder with models of your own: card.json files beside ONNX files',
    },
  ],
  examples: [
    { line: 'tidewaiter models', summary: 'what is installed' },
    {
      line: 'tidewaiter models --speed --json',
      summary: 'one JSON line for each model, with its speed here',
    },
  ],
  async run(_, given, io) {
    const { speed = false, modelDir } = parseOptions(schema, given);
    await admitModels(modelDir);
    const places = {
      cacheDir: defaultCacheDir(process.env, homedir()),
      ...(modelDir === undefined ? {} : { userDir: modelDir }),
    };
    if (!io.json) await io.stdout.write(`${modelsHeader(speed)}\n`);
    const width = Math.min(io.columns, widest);
    await runChild<ModelsParams, null, ModelEntry>({
      entry: new URL('./models-worker.ts', import.meta.url),
      params: { ...places, speed },
      onMessage: (model) =>
        io.json
          ? io.emit('model', model)
          : io.stdout.write(`${modelText(model, speed, Math.max(40, width))}\n`),
      signal: io.signal,
      memoryLimitBytes,
      stallSeconds,
    });
    if (io.json) await io.emit('result', {});
    return exitCode.done;
  },
};
