import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';

/**
 * The `app` that an app's `src/main.ts` exports, created as the CDK CLI creates it: in its folder, with the context of its `cdk.json`.
 *
 * @param folder the folder of the app
 */
export function loadApp(folder: string): App {
  const { context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')) as { context: unknown };
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
  const before = process.cwd();
  process.chdir(folder);
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would run before the context is there
    const { app } = require(join(folder, 'src/main')) as { app?: App };
    if (app) return app;
  } finally {
    process.chdir(before);
  }
  throw new Error(`${join(folder, 'src/main.ts')} must export its App as "app", got nothing of that name.`);
}
