import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { openEntries } from './entries.mjs';
import { page } from './page.mjs';

/** What a WebService hands to its container. */
const port = Number(process.env.PORT ?? 8080);
const version = process.env.VERSION ?? 'development';
const task = `${hostname()}-${process.pid}`;
const entries = await openEntries(process.env);

const MOST_BYTES = 10_000;

/** Health says that the process serves, and asks no database: a broken one is no reason to exchange tasks, and one that sleeps is not woken. */
const routes = {
  'GET /': async () => html(page({ version, task, entries: await entries?.latest() })),
  'POST /': async (request) => {
    if (!entries) return NO_DATABASE;
    await write(Object.fromEntries(new URLSearchParams(await bodyOf(request))));
    return { status: 303, headers: { location: '/' } };
  },
  'GET /health': () => json({ status: 'ok' }),
  'GET /version': () => json({ version, task }),
  'GET /entries': async () => (entries ? json(await entries.latest()) : NO_DATABASE),
  'POST /entries': async (request) =>
    entries ? json(await write(JSON.parse(await bodyOf(request))), 201) : NO_DATABASE,
};
const NO_DATABASE = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'There is no database\n' };

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://guestbook');
  const begun = performance.now();
  response.on('finish', () => log(request.method, pathname, response.statusCode, performance.now() - begun));
  const { status = 200, headers, body } = await answer(request, routes[`${request.method} ${pathname}`]);
  response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
});
// Longer than a load balancer keeps a silent connection: else it sends a request to one that this end has just closed.
server.keepAliveTimeout = 65_000;
server.listen(port, () =>
  console.log(JSON.stringify({ event: 'listening', port, version, database: Boolean(entries) })),
);

// The balancer sends nothing new by now; what is under way is answered, and then the task is gone.
process.on('SIGTERM', () => {
  console.log(JSON.stringify({ event: 'stopping' }));
  server.close(async () => {
    await entries?.close();
    process.exit(0);
  });
  server.closeIdleConnections();
});

async function answer(request, route) {
  const text = { 'content-type': 'text/plain' };
  if (!route) return { status: 404, headers: text, body: 'Not found\n' };
  try {
    return await route(request);
  } catch (error) {
    const wrong = error instanceof SyntaxError || error instanceof RangeError;
    if (!wrong) console.log(JSON.stringify({ event: 'error', message: error.message }));
    return { status: wrong ? 400 : 500, headers: text, body: wrong ? `${error.message}\n` : 'Something went wrong\n' };
  }
}

async function write({ author, message }) {
  for (const text of [author, message])
    if (typeof text !== 'string' || text.length === 0 || text.length > 500)
      throw new RangeError('author and message must be texts of 1 to 500 characters');
  return entries.write({ author, message });
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new RangeError(`a request may hold ${MOST_BYTES} characters`);
  }
  return text;
}

function html(body) {
  return { headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function json(value, status = 200) {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

function log(method, path, status, milliseconds) {
  if (path !== '/health') console.log(JSON.stringify({ method, path, status, ms: Math.round(milliseconds) }));
}
