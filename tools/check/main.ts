import { checkCommand } from './command';

// `nx run <app>:check`, in the folder of the app.
checkCommand({ folder: process.cwd(), flags: process.argv.slice(2) })
  .catch((error: unknown) => {
    console.error(error instanceof Error ? `error: ${error.message}` : error);
    return 2;
  })
  .then((code) => (process.exitCode = code));
