import { format, resolveConfig } from 'prettier';
import { clientSource } from '../../src/platform/http/client-source.ts';
import { openApi } from '../../src/platform/http/openapi.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { settingsSchema } from '../../src/platform/settings/settings.ts';
import { allRoutes } from '../../src/server/routes.ts';
import { projectRoot } from '../needs.ts';

/** What src/client/operations.ts should hold. Routes are declared without touching what they work on. */
export async function currentClient(): Promise<string> {
  const settings = settingsSchema.parse({ data: '/nowhere' });
  const platform = { settings, now: () => new Date(0) } as unknown as Platform;
  const source = clientSource(openApi(allRoutes(platform), '0'));
  const options = await resolveConfig(`${projectRoot}/src/client/operations.ts`);
  return format(source, { ...options, parser: 'typescript' });
}
