import { createServer } from 'node:http';
import { hostname } from 'node:os';

/** What a WebService hands to its container. */
const port = Number(process.env.PORT ?? 8080);
const version = process.env.VERSION ?? 'development';
const task = `${hostname()}-${process.pid}`;

const routes = {
  '/': () => ({ type: 'text/html; charset=utf-8', body: page() }),
  '/health': () => json({ status: 'ok' }),
  '/version': () => json({ version, task }),
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://guestbook');
  const answer = routes[pathname]?.();
  const begun = performance.now();
  response.on('finish', () => log(request.method, pathname, response.statusCode, performance.now() - begun));
  if (!answer) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
  response.writeHead(200, { 'content-type': answer.type, 'cache-control': 'no-store' }).end(answer.body);
});
// Longer than a load balancer keeps a silent connection: else it sends a request to one that this end has just closed.
server.keepAliveTimeout = 65_000;
server.listen(port, () => console.log(JSON.stringify({ event: 'listening', port, version })));

// The balancer sends nothing new by now; what is under way is answered, and then the task is gone.
process.on('SIGTERM', () => {
  console.log(JSON.stringify({ event: 'stopping' }));
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

function json(value) {
  return { type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

function log(method, path, status, milliseconds) {
  if (path !== '/health') console.log(JSON.stringify({ method, path, status, ms: Math.round(milliseconds) }));
}

function page() {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Guestbook</title>
  <style>
    body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
    code { font-size: 0.9em }
  </style>
  <h1>Guestbook</h1>
  <p>Version <code>${escaped(version)}</code> answered from task <code>${escaped(task)}</code>.</p>
</html>
`;
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
