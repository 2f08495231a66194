/**
 * Answers 200 to everything on the port in PORT, and waits where there is none. It needs no file system and no rights, and
 * ends at once on SIGTERM.
 */
const SERVER = [
  "const { createServer } = require('node:http');",
  "const server = createServer((_, response) => response.end('There is no application here yet.\\n'));",
  'server.listen(Number(process.env.PORT ?? 0));',
  "process.on('SIGTERM', () => server.close(() => process.exit(0)));",
].join(' ');

/** AWS's copy of the official image, so that no limit of Docker Hub is met. Even major versions are kept for three years. */
export const PLACEHOLDER = {
  image: 'public.ecr.aws/docker/library/node:24-alpine',
  service: ['node', '-e', SERVER],
  job: ['node', '-e', "console.log('There is no application here yet.')"],
} as const;
