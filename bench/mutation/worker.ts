import { TidewaiterError } from '../../src/core/errors.ts';
import { render } from '../../src/uses/redaction/render.ts';
import { analyseAs, startVariant, variants } from '../lib/pipeline.ts';
import type { MutantAnswer, MutantTask } from './messages.ts';

/** Redacts one damaged file after another, all with the same models and in the same memory. */
const engine = await startVariant(variants.fast);

process.on('message', (task) => {
  void answer(task as MutantTask).then((said) => process.send?.(said));
});
process.send?.('ready');

async function answer({ input, output, allowDamage }: MutantTask): Promise<MutantAnswer> {
  const rss = (): number => process.memoryUsage.rss();
  try {
    const request = { input, kind: 'video', container: 'mp4', allowDamage } as const;
    const { plan } = await analyseAs(variants.fast, request, engine);
    await render({ input, plan, output, allowDamage }, {});
    return { outcome: 'redacted', said: 'OK', rss: rss() };
  } catch (error) {
    if (error instanceof TidewaiterError && error.code !== 'E_INTERNAL')
      return { outcome: 'refused', said: error.code, rss: rss() };
    return { outcome: 'internal error', said: String(error), rss: rss() };
  }
}
